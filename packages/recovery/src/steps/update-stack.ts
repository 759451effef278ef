import { EngineError } from "../engine-errors.ts";
import type { Allowed } from "../engine-gate.ts";
import { passGate } from "../engine-gate.ts";
import type { PlannedOperation } from "../engine-preview.ts";
import { databaseUrns, recordUrns } from "../engine-state.ts";
import { whenUnlocked } from "../engine-unlock.ts";
import type { MoveContext } from "../move.ts";
import { settleCreations } from "../settle-creations.ts";
import type { Step } from "../step.ts";

/**
 * The stacks that a preview of this very run found in line, so that a later step need not look again. An update takes all of them out:
 * a stack may read what the other one's update has just left.
 */
export type InLine = Set<string>;

export interface StackUpdate {
  readonly id: string;
  readonly title: string;
  readonly stack: string;
  readonly allowed: Allowed;
  readonly deadlineSeconds?: number;
  /** This run looked at the same update before it moved anything, so that it is not looked at twice while nobody can write. */
  readonly passedGate?: boolean;
  /** The name was moved past the engine as well. */
  readonly refreshesRecord?: boolean;
  /** Looked at side by side with this one, when nothing else of the move will change it. */
  readonly beside?: string;
  /** Of the whole move. Default: of this step alone. */
  readonly inLine?: InLine;
  /** Whether the last update left behind what this one is for. Without it the run finds out, which takes seconds. */
  readonly outputsSay?: (outputs: Readonly<Record<string, unknown>>) => boolean;
}

/**
 * Brings the program in line with what the move did: reads the databases into the state, looks at what an update would do, and
 * carries it out only when that is the move and nothing else.
 */
export const updateStackStep = (update: StackUpdate): Step<MoveContext> => ({
  id: update.id,
  title: update.title,
  byHand: () => [
    `pulumi refresh --yes -s ${update.stack} --target '<the database, in: pulumi stack -u -s ${update.stack}>'`,
    `pulumi up -s ${update.stack}`,
  ],
  async isDone(context, signal) {
    const { engine } = context;
    if (!update.outputsSay) return false;
    const outputs = (await engine.outputs(update.stack, signal)) as Record<string, unknown>;
    if (!update.outputsSay(outputs)) return false;
    const { pendingOperations } = await engine.state(update.stack, signal);
    if (pendingOperations.length > 0) return false;
    return (await engine.preview(update.stack, signal)).length === 0;
  },
  run: (context, report, signal) => bringInLine(update, context, report, signal),
});

async function bringInLine(
  update: StackUpdate,
  context: MoveContext,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { stack, allowed, deadlineSeconds, refreshesRecord, inLine } = update;
  const { engine, deadlines } = context;
  const unlocked = <Result>(work: () => Promise<Result>) =>
    whenUnlocked(work, { ...context, stack, signal, report });
  const state = await engine.state(stack, signal);
  if (state.pendingOperations.length > 0)
    report(`An update of ${stack} was interrupted; this one goes on from it.`);
  if (state.pendingOperations.some(({ operation }) => operation === "creating"))
    await settleCreations(stack, deadlineSeconds ?? deadlines.update, context, report, signal);
  const urns = [...databaseUrns(state), ...(refreshesRecord ? recordUrns(state) : [])];
  await unlocked(() => engine.refresh(stack, urns, signal));
  const planned = update.passedGate ? undefined : await lookAhead(update, context, signal);
  if (planned?.length === 0 && state.pendingOperations.length === 0) {
    report(`${stack} is in line: an update would change nothing.`);
    return;
  }
  passGate(stack, planned ?? [], allowed);
  for (const { operation, type, urn, changed } of planned ?? [])
    report(`${operation} ${type} ${urn.split("::").at(-1)}: ${changed.join(", ")}`);
  inLine?.clear();
  await unlocked(() =>
    engine.up(stack, { deadlineSeconds: deadlineSeconds ?? deadlines.update }, signal),
  );
}

/** What an update would do. A stack beside it takes no longer than this one alone: each waits for AWS most of the time. */
async function lookAhead(
  { stack, beside, inLine }: StackUpdate,
  { engine }: MoveContext,
  signal: AbortSignal,
): Promise<readonly PlannedOperation[]> {
  const stacks = beside === undefined ? [stack] : [stack, beside];
  const looks = await Promise.allSettled(stacks.map((each) => engine.preview(each, signal)));
  for (const [index, look] of looks.entries())
    if (look.status === "fulfilled" && look.value.length === 0) inLine?.add(stacks[index] ?? "");
  const [own] = looks;
  if (own?.status === "fulfilled") return own.value;
  throw own?.reason;
}

/**
 * Changes nothing and says whether there was anything to change.
 *
 * @param inLine - what the steps before it have seen
 */
export const expectNoChangesStep = (
  stacks: readonly string[],
  inLine: InLine,
): Step<MoveContext> => ({
  id: "settled",
  title: `Another update of ${stacks.join(" or ")} changes nothing`,
  byHand: () => stacks.map((stack) => `pulumi preview --expect-no-changes -s ${stack}`),
  isDone: async () => false,
  async run({ engine }, report, signal) {
    for (const stack of stacks.filter((each) => inLine.has(each)))
      report(`${stack} was seen in line a moment ago, and nothing was updated since.`);
    const changes = await Promise.all(
      stacks
        .filter((each) => !inLine.has(each))
        .map(async (stack) =>
          (await engine.preview(stack, signal)).map(
            ({ operation, urn }) => `${operation} ${urn.split("::").at(-1)} in ${stack}`,
          ),
        ),
    );
    if (changes.flat().length === 0) return;
    throw new EngineError(
      `The program is not settled: another update would change ${changes.flat().join(", ")}.`,
      "",
      stacks.map((stack) => `pulumi preview --diff -s ${stack}`),
    );
  },
});
