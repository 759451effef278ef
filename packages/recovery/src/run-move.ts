import type { Conversation } from "./conversation.ts";
import { throwDenial } from "./denial.ts";
import { openJournal, readJournal } from "./journal.ts";
import { type HeldLock, type LockTools, takeLock } from "./lock.ts";
import type { MoveContext } from "./move.ts";
import type { Operation } from "./observation.ts";
import { ownerText } from "./owner.ts";
import { runSteps, type StepOutcome } from "./run-steps.ts";
import type { Step } from "./step.ts";

/** How a move is run: by whom, in which bucket, with whom it talks. */
export interface MoveRun extends LockTools {
  readonly conversation: Conversation;
  readonly signal: AbortSignal;
  readonly reason: string | undefined;
}

export interface MoveReport {
  readonly schema: "standby.move/1";
  readonly kind: Operation["kind"];
  readonly service: string;
  /** The Region that takes writes now. */
  readonly activeRegion: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly steps: readonly StepOutcome[];
  readonly facts: Readonly<Record<string, unknown>>;
  /** Commands to type next, the commit first. */
  readonly next: readonly string[];
}

export interface Planned {
  readonly steps: readonly Step<MoveContext>[];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly activeRegion: string;
  readonly next: readonly string[];
  /** Called when a step failed or the move was interrupted: takes back what can be taken back. */
  readonly rollBack?: () => Promise<void>;
}

/**
 * Runs a move under the pair's lock, written down in its journal. `prepare` looks, refuses and asks the person; it runs under the lock
 * too, so that the other operator hears of this one at once.
 *
 * @throws what prepare or a step throws; RefusedError when somebody else operates the pair.
 */
export async function runMove(
  kind: Operation["kind"],
  context: MoveContext,
  run: MoveRun,
  prepare: (signal: AbortSignal, resumes: boolean) => Promise<Planned>,
): Promise<MoveReport> {
  const { conversation, clock } = run;
  const lock = await takeLock(kind, run, run.signal).catch(throwDenial);
  if (lock.takenFrom)
    conversation.say(
      `Goes on from the ${lock.takenFrom.kind} of ${lock.takenFrom.owner}, which ended half way.`,
    );
  const journal = openJournal(journalHead(kind, lock, run), {
    ...run,
    warn: (line) => conversation.say(line),
  });
  const signal = AbortSignal.any([run.signal, lock.signal]);
  try {
    const resumes = await isUnfinished(kind, run, signal);
    await journal.append({ event: "begun" });
    const planned = await prepare(signal, resumes).catch(throwDenial);
    const steps = await runSteps(planned.steps, context, {
      ...run,
      signal,
      journal,
      tell: (event) => conversation.tell(event),
    }).catch(async (error: unknown) => {
      await planned.rollBack?.();
      throw error;
    });
    await journal.append({ event: "ended" });
    return {
      schema: "standby.move/1",
      kind,
      service: context.deployment.service,
      activeRegion: planned.activeRegion,
      startedAt: lock.since,
      seconds: (clock.now() - Date.parse(lock.since)) / 1000,
      steps,
      facts: planned.facts,
      next: planned.next,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await journal.append({ event: "failed", message });
    throw error;
  } finally {
    await lock.release();
  }
}

/** The pair's last run was of this kind and did not come to its end: this one is to go on with it. */
async function isUnfinished(
  kind: Operation["kind"],
  { store, conversation }: MoveRun,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const last = (await readJournal(store, signal, 1)).at(-1);
    return last?.kind === kind && last.entries.at(-1)?.event !== "ended";
  } catch (error) {
    signal.throwIfAborted();
    conversation.say(`The journal was not read: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

const journalHead = (
  kind: Operation["kind"],
  { id, since, takenFrom }: HeldLock,
  { owner, reason }: MoveRun,
) => ({ id, kind, since, reason, owner: ownerText(owner), resumes: takenFrom?.id });

/** The flags are written; whoever runs the next update elsewhere must have them. */
export const commitLine = (message: string, stacks: readonly string[]): string =>
  `git commit -m "${message}" ${stacks.map((stack) => `Pulumi.${stack}.yaml`).join(" ")} && git push`;
