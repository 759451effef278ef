import { runEngine } from "./engine.ts";
import type { JournalEntry } from "./journal.ts";
import { readJournal } from "./journal.ts";
import { look, startLook } from "./seen.ts";
import type { Session } from "./session.ts";

/** Something that was done to the pair. */
export interface HistoryEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `standby` for the commands' journal, else the stack whose history it is from. */
  readonly source: string;
  /** Such as `failover` or `update`. */
  readonly what: string;
  readonly who: string;
  /** `succeeded`, `failed`, `in-progress`, `not ended` */
  readonly result: string;
  /** Why, or what it was for: one line. */
  readonly detail: string;
  /** Of a journal's run: its steps in order. */
  readonly steps: readonly JournalEntry[];
}

/** What `standby history --json` prints. */
export interface History {
  readonly schema: "standby.history/1";
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** Sources that did not answer: what is missing is not what did not happen. */
  readonly missing: readonly string[];
}

export interface HistoryOptions {
  readonly signal: AbortSignal;
  /** Newest entries of each source. */
  readonly last: number;
}

const deadlineSeconds = 10;

/** The commands' journal merged with the engine's own history of both stacks. */
export async function readHistory(
  session: Session,
  { signal, last }: HistoryOptions,
): Promise<History> {
  const { pair, project, store } = session;
  const sight = startLook(signal, deadlineSeconds);
  const stackHistory = (stack: string) =>
    look(`the history of ${stack}`, sight, async (both) =>
      engineEntries(
        stack,
        await runEngine(
          { projectFolder: project.folder },
          ["stack", "history", "--json", "-s", stack, "--page-size", String(last)],
          deadlineSeconds,
          both,
        ),
      ),
    );
  const sources = await Promise.all([
    store
      ? look("the journal", sight, async (both) =>
          journalEntries(await readJournal(store, both, last)),
        )
      : ({ seen: true, value: [] } as const),
    stackHistory(pair.primary.stack),
    stackHistory(pair.recovery.stack),
  ]);
  return {
    schema: "standby.history/1",
    entries: sources
      .flatMap((source) => (source.seen ? source.value : []))
      .sort((one, other) => one.at.localeCompare(other.at)),
    missing: sources.flatMap((source) => (source.seen ? [] : [source.problem.message])),
  };
}

const endings: Readonly<Partial<Record<JournalEntry["event"], string>>> = {
  ended: "succeeded",
  failed: "failed",
};

const journalEntries = (runs: Awaited<ReturnType<typeof readJournal>>): readonly HistoryEntry[] =>
  runs.map(({ since, kind, owner, reason, entries }) => {
    const last = entries.at(-1);
    return {
      at: since,
      source: "standby",
      what: kind,
      who: owner,
      result: (last && endings[last.event]) ?? "not ended",
      detail: reason ?? last?.message ?? "",
      steps: entries,
    };
  });

interface EngineUpdate {
  readonly kind?: string;
  readonly startTime?: string;
  readonly message?: string;
  readonly result?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Nothing else of the document is kept: it holds the configuration of each update. */
function engineEntries(stack: string, text: string): readonly HistoryEntry[] {
  const updates = JSON.parse(text) as readonly EngineUpdate[];
  return updates.map(
    ({ kind = "", startTime = "", message = "", result = "", environment = {} }) => ({
      at: isoTime(startTime),
      source: stack,
      what: kind,
      who: environment["git.author"] ?? environment["git.committer"] ?? "",
      result,
      detail: message.split("\n")[0] ?? "",
      steps: [],
    }),
  );
}

/** A time that cannot be read sorts first and is shown as it is. */
const isoTime = (text: string): string => {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
};
