import { hostname, userInfo } from "node:os";

/** Who runs a command: printed to the other person, and what tells a dead owner of the lock from a live one. */
export interface Owner {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
}

export const thisOwner = (): Owner => ({
  user: userInfo().username,
  host: hostname(),
  pid: process.pid,
});

export const ownerText = ({ user, host, pid }: Owner): string => `${user}@${host} (pid ${pid})`;

/** Only of this machine's processes can it be known; another one's may be alive. */
export function isGone({ host, pid }: Pick<Owner, "host" | "pid">): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
