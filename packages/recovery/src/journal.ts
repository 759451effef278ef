import type { Clock } from "./clock.ts";
import type { Operation } from "./observation.ts";
import { absent, type ObjectStore } from "./recovery-bucket.ts";

/*
 * What the commands did, kept in the recovery bucket: one object for each run, written anew with each entry by the one process that
 * holds the lock. It outlives the terminal, and the other person reads it.
 */

export interface JournalEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly event:
    | "begun"
    | "step-begun"
    | "step-done"
    | "step-skipped"
    | "step-failed"
    | "ended"
    | "failed";
  readonly step?: string;
  /** One sentence without a secret. */
  readonly message?: string;
}

export interface JournalRun {
  readonly schema: "standby.journal/1";
  readonly id: string;
  readonly kind: Operation["kind"];
  /** Whoever ran it, on which machine. */
  readonly owner: string;
  /** `--reason` */
  readonly reason: string | undefined;
  readonly since: string;
  /** The run of a dead owner that this one went on from. */
  readonly resumes: string | undefined;
  readonly entries: readonly JournalEntry[];
}

/** Where a run writes down what it does. */
export interface Journal {
  /** Never rejects: a journal that cannot be written is told, and does not keep anybody from a failover. */
  append(entry: Omit<JournalEntry, "at">): Promise<void>;
}

const prefix = "journal/";
const appendDeadlineMilliseconds = 5_000;

export interface JournalTools {
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** Told when an entry could not be written. */
  readonly warn: (line: string) => void;
}

export function openJournal(
  run: Omit<JournalRun, "schema" | "entries">,
  { store, clock, warn }: JournalTools,
): Journal {
  const key = `${prefix}${run.since}-${run.id}.json`;
  const entries: JournalEntry[] = [];
  let version: string | typeof absent = absent;
  return {
    async append(entry) {
      entries.push({ at: new Date(clock.now()).toISOString(), ...entry });
      const document: JournalRun = { schema: "standby.journal/1", ...run, entries };
      const signal = AbortSignal.timeout(appendDeadlineMilliseconds);
      try {
        version = await store.write(key, JSON.stringify(document), version, signal);
      } catch (error) {
        warn(`The journal was not written: ${error instanceof Error ? error.message : error}`);
      }
    },
  };
}

/** Every run, oldest first; `last` limits them to the newest. */
export async function readJournal(
  store: ObjectStore,
  signal: AbortSignal,
  last = Number.POSITIVE_INFINITY,
): Promise<readonly JournalRun[]> {
  const keys = await store.keys(prefix, signal);
  const newest = [...keys].sort().slice(-Math.min(last, keys.length || 1));
  const objects = await Promise.all(newest.map((key) => store.read(key, signal)));
  return objects.flatMap((object) => (object ? readRun(object.text) : []));
}

/** A run that a newer version wrote is left out, not an error: history is read when something else is on fire. */
function readRun(text: string): readonly JournalRun[] {
  try {
    const run = JSON.parse(text) as JournalRun;
    return run.schema === "standby.journal/1" ? [run] : [];
  } catch {
    return [];
  }
}
