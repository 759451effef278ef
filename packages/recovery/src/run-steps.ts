import type { Clock } from "./clock.ts";
import type { Journal } from "./journal.ts";
import type { Step } from "./step.ts";

export type StepEvent =
  | { readonly kind: "skipped" | "begun"; readonly id: string; readonly title: string }
  | { readonly kind: "line"; readonly id: string; readonly line: string }
  | {
      readonly kind: "done" | "failed";
      readonly id: string;
      readonly title: string;
      readonly seconds: number;
    };

export interface StepRun {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly tell: (event: StepEvent) => void;
}

/** How a step ended: `already` was found done, `done` was done now. */
export interface StepOutcome {
  readonly id: string;
  readonly title: string;
  readonly result: "already" | "done";
  readonly seconds: number;
}

/**
 * Runs what is not done yet, in order. The first step that fails ends the run: the same command goes on there.
 *
 * @throws what the step throws; the signal's reason when it is aborted.
 */
export async function runSteps<Context>(
  steps: readonly Step<Context>[],
  context: Context,
  run: StepRun,
): Promise<readonly StepOutcome[]> {
  const outcomes: StepOutcome[] = [];
  for (const step of steps) outcomes.push(await runStep(step, context, run));
  return outcomes;
}

async function runStep<Context>(
  step: Step<Context>,
  context: Context,
  { signal, clock, journal, tell }: StepRun,
): Promise<StepOutcome> {
  const { id, title } = step;
  const began = clock.now();
  const seconds = () => (clock.now() - began) / 1000;
  signal.throwIfAborted();
  try {
    if (await step.isDone(context, signal)) {
      tell({ kind: "skipped", id, title });
      await journal.append({ event: "step-skipped", step: id });
      return { id, title, result: "already", seconds: seconds() };
    }
    tell({ kind: "begun", id, title });
    await journal.append({ event: "step-begun", step: id });
    signal.throwIfAborted();
    await step.run(context, (line) => tell({ kind: "line", id, line }), signal);
  } catch (error) {
    tell({ kind: "failed", id, title, seconds: seconds() });
    const message = error instanceof Error ? error.message : String(error);
    await journal.append({ event: "step-failed", step: id, message });
    throw error;
  }
  tell({ kind: "done", id, title, seconds: seconds() });
  await journal.append({ event: "step-done", step: id });
  return { id, title, result: "done", seconds: seconds() };
}

export interface PlannedStep {
  readonly id: string;
  readonly title: string;
  readonly byHand: readonly string[];
}

/** What `--dry-run` shows: asks nothing, changes nothing. */
export const planSteps = <Context>(
  steps: readonly Step<Context>[],
  context: Context,
): readonly PlannedStep[] =>
  steps.map((step) => ({ id: step.id, title: step.title, byHand: step.byHand(context) }));
