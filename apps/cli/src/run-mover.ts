import type { MoveContext, MoveReport, MoveRun, PlannedStep } from "@standby/recovery";
import { conversationOn } from "./conversation.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { MoverFlags } from "./mover-options.ts";
import { print, printJson, type Terminal } from "./terminal.ts";
import { moveText, planText } from "./text/move-text.ts";

/** What `--dry-run` shows. */
interface Plan {
  readonly statement?: readonly string[];
  /** Why the move would be refused as things are. */
  readonly refusal?: string | undefined;
  readonly steps: readonly PlannedStep[];
}

interface Mover {
  plan(context: MoveContext, run: MoveRun): Promise<Plan>;
  move(context: MoveContext, run: MoveRun): Promise<MoveReport>;
}

type Recovery = typeof import("@standby/recovery");

/** Opens the pair, then plans or moves, and prints what came of it. The library is loaded only now: `--help` is quick. */
export async function runMover(
  flags: MoverFlags,
  terminal: Terminal,
  moverOf: (recovery: Recovery) => Mover,
): Promise<ExitCode> {
  const recovery = await import("@standby/recovery");
  const { signal, stdout } = terminal;
  const { stack, yes, reason } = flags;
  const conversation = conversationOn(terminal, { yes });
  using session = await recovery.openSession({ stack, signal });
  await recovery.refuseCaller(session, signal);
  const { context, run } = recovery.openMove(session, { conversation, signal, reason });
  const mover = moverOf(recovery);
  if (flags.dryRun) {
    const plan = await mover.plan(context, run).catch(recovery.throwDenial);
    return await show(plan, flags, terminal);
  }
  const report = await mover.move(context, run);
  if (flags.json) await printJson(stdout, report);
  else await print(stdout, moveText(report));
  return exitCodes.done;
}

async function show(plan: Plan, { json }: MoverFlags, { stdout }: Terminal): Promise<ExitCode> {
  const { statement = [], refusal, steps } = plan;
  if (json) await printJson(stdout, { schema: "standby.plan/1", statement, refusal, steps });
  else {
    const refused = refusal === undefined ? [] : [`Would be refused: ${refusal}`];
    await print(stdout, [...statement, ...refused, "", planText(steps)].join("\n"));
  }
  return refusal === undefined ? exitCodes.done : exitCodes.refused;
}
