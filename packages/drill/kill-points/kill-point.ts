import type { PlannedStep } from "@standby/recovery";

/** `engine`: as `during`, and the engine that the command had started is killed with it, as when the machine goes. */
const moments = ["before", "during", "engine", "after"] as const;
export type Moment = (typeof moments)[number];

/** What tells that a step is in the middle of its work. */
type Sign =
  /** A call that changes something, or asks a function to. */
  | "change"
  /** Any call: the step changes nothing. */
  | "look"
  /** A stack file is another one. */
  | "file";

/** Where a command is killed. */
export interface KillPoint {
  readonly step: string;
  /** As the command's progress prints it. */
  readonly title: string;
  readonly moment: Moment;
  readonly sign: Sign;
  /** The call that the step is about, where it makes others before. */
  readonly operation?: string;
}

/** The first call of these steps is not the one that hurts. */
const hearts: Readonly<Record<string, string>> = { "build-replica": "CreateDBInstanceReadReplica" };

/** Brings the program in line with what was done past it: of AWS it changes nothing. */
const looking: ReadonlySet<string> = new Set(["settle-recovery"]);

/** Every moment of every step of a plan: whoever adds a step gets its kill points with it. */
export const killPointsOf = (plan: readonly PlannedStep[]): readonly KillPoint[] =>
  plan.flatMap(({ id: step, title, byHand }) => {
    const operation = hearts[step];
    const point = {
      step,
      title,
      sign: looking.has(step) ? "look" : signOf(byHand),
      ...(operation === undefined ? {} : { operation }),
    };
    const updates = byHand.some((line) => line.startsWith("pulumi up"));
    return moments
      .filter((moment) => moment !== "engine" || updates)
      .map((moment) => ({ ...point, moment }));
  });

function signOf([first = ""]: readonly string[]): Sign {
  if (first.startsWith("pulumi config set")) return "file";
  return first.startsWith("pulumi preview") ? "look" : "change";
}

/**
 * One after the other in one execution: those of one step, or each for itself. An engine that outlives its command does the step's work:
 * to be killed with it, it needs an execution of its own.
 */
export function groupsOf(
  points: readonly KillPoint[],
  alone: boolean,
): readonly (readonly KillPoint[])[] {
  if (alone) return points.map((point) => [point]);
  const keyOf = ({ step, moment }: KillPoint) => `${step} ${moment === "engine"}`;
  return [...Map.groupBy(points, keyOf).values()];
}
