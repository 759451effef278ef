import type { MoveReport } from "@standby/recovery";
import { type CommandSettings, runCommand } from "./command-run.ts";

/** What of a move's report the drill goes on with. */
export type MoveEnd = Pick<MoveReport, "kind" | "activeRegion" | "seconds" | "steps" | "facts">;

/** The commands of the runbook, as a person types them: a process each, with nothing but the local cloud's environment. */
export class Standby {
  readonly #settings: CommandSettings;
  readonly #timeoutSeconds: number;

  constructor(settings: CommandSettings, timeoutSeconds: number) {
    this.#settings = settings;
    this.#timeoutSeconds = timeoutSeconds;
  }

  /** The lost Region is silent: how much its database had beyond the replica, nobody can tell. */
  failover(): Promise<MoveEnd> {
    return this.#run(["failover", "--accept-data-loss", "unknown"]);
  }

  rebuild(): Promise<MoveEnd> {
    return this.#run(["rebuild"]);
  }

  switchover(): Promise<MoveEnd> {
    return this.#run(["switchover"]);
  }

  async #run(words: readonly string[]): Promise<MoveEnd> {
    const stdout = await runCommand(this.#settings, "standby", [...words, "--yes", "--json"], {
      timeoutSeconds: this.#timeoutSeconds,
    });
    return JSON.parse(stdout) as MoveEnd;
  }
}
