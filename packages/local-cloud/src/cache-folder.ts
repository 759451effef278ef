import { homedir } from "node:os";
import { join } from "node:path";

/** For what is made once on a machine and used by every local cloud. */
export const cacheFolder = (): string =>
  join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "standby");
