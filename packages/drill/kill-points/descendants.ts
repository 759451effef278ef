import { readdirSync, readFileSync } from "node:fs";

interface Process {
  readonly pid: number;
  readonly command: string;
}

/** The processes that a process has started, and theirs, as Linux lists them now. */
export function descendantsOf(pid: number): readonly Process[] {
  const children = Map.groupBy(allProcesses(), ({ parent }) => parent);
  const found: Process[] = [];
  const add = (parent: number): void => {
    for (const child of children.get(parent) ?? []) {
      found.push(child);
      add(child.pid);
    }
  };
  add(pid);
  return found;
}

const allProcesses = (): readonly (Process & { readonly parent: number })[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);

function readProcess(pid: number) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name is in parentheses and may hold any character.
    const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return { pid, parent: Number(parent), command };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
