import { EngineError } from "../engine-errors.ts";
import type { Allowed } from "../engine-gate.ts";
import { passGate } from "../engine-gate.ts";
import { databaseUrns, recordUrns } from "../engine-state.ts";
import { whenUnlocked } from "../engine-unlock.ts";
import type { MoveContext } from "../move.ts";
import { settleCreations } from "../settle-creations.ts";
import type { Step } from "../step.ts";

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
  { stack, allowed, deadlineSeconds, passedGate, refreshesRecord }: StackUpdate,
  context: MoveContext,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
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
  const planned = passedGate ? undefined : await engine.preview(stack, signal);
  if (planned?.length === 0 && state.pendingOperations.length === 0) {
    report(`${stack} is in line: an update would change nothing.`);
    return;
  }
  passGate(stack, planned ?? [], allowed);
  for (const { operation, type, urn, changed } of planned ?? [])
    report(`${operation} ${type} ${urn.split("::").at(-1)}: ${changed.join(", ")}`);
  await unlocked(() =>
    engine.up(stack, { deadlineSeconds: deadlineSeconds ?? deadlines.update }, signal),
  );
}

/** Changes nothing and says whether there was anything to change. */
export const expectNoChangesStep = (...stacks: readonly string[]): Step<MoveContext> => ({
  id: "settled",
  title: `Another update of ${stacks.join(" or ")} changes nothing`,
  byHand: () => stacks.map((stack) => `pulumi preview --expect-no-changes -s ${stack}`),
  isDone: async () => false,
  async run({ engine }, _report, signal) {
    const changes = await Promise.all(
      stacks.map(async (stack) =>
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
