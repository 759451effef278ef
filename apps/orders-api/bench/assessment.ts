export const subjects = ["floor", "bare", "ours"] as const;
export type Subject = (typeof subjects)[number];

/** What one process measured, in milliseconds. */
export interface Run {
  /** From the start of the process to its first answer. */
  readonly cold: number;
  /** Processor time until then. */
  readonly cpuMillis: number;
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

export interface Row {
  readonly metric: string;
  readonly floor: number;
  readonly bare: number;
  readonly ours: number;
  readonly target: string;
  readonly met: boolean;
  /** Why a target is missed on purpose: such a miss does not fail the run. */
  readonly explained?: string;
}

/** Of the sorted values, the one below which the share lies. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

type Measure = (runs: readonly Run[]) => number;

/** The allowance that does not grow with the machine's speed: below it, two equal programs differ by chance. */
interface Target {
  readonly metric: string;
  readonly measure: Measure;
  readonly factor: number;
  readonly allowance: number;
}

const targets: readonly Target[] = [
  {
    metric: "cold start to the first answer, median (ms)",
    measure: (runs) =>
      quantile(
        runs.map(({ cold }) => cold),
        0.5,
      ),
    factor: 1.1,
    allowance: 5,
  },
  {
    metric: "processor time of it, median (ms)",
    measure: (runs) =>
      quantile(
        runs.map(({ cpuMillis }) => cpuMillis),
        0.5,
      ),
    factor: 1.1,
    allowance: 5,
  },
  ...(["reads", "writes"] as const).flatMap((kind) =>
    ([0.5, 0.99] as const).map((share) => ({
      metric: `warm ${kind}, p${share * 100} (ms)`,
      // Of each process, then the median of the processes: one that met other work does not decide.
      measure: (runs: readonly Run[]) =>
        quantile(
          runs.map((run) => quantile(run[kind], share)),
          0.5,
        ),
      factor: share === 0.5 ? 1.15 : 1.3,
      allowance: share === 0.5 ? 0.1 : 1,
    })),
  ),
];

export function assess(
  runs: Readonly<Record<Subject, readonly Run[]>>,
  kilobytes: Readonly<Record<Subject, number>>,
): readonly Row[] {
  const timed = targets.map(({ metric, measure, factor, allowance }) => {
    const [floor, bare, ours] = [measure(runs.floor), measure(runs.bare), measure(runs.ours)];
    const target = `at most ${factor} times bare and ${allowance} ms`;
    return { metric, floor, bare, ours, target, met: ours <= bare * factor + allowance };
  });
  const { floor, bare, ours } = kilobytes;
  const size = "bundle (kB)";
  return [
    ...timed,
    {
      metric: size,
      floor,
      bare,
      ours,
      target: "at most 1.03 times bare",
      met: ours <= bare * 1.03,
    },
  ];
}

const show = (value: number): string => Number(value.toPrecision(4)).toLocaleString("en-US");

export const printRows = (rows: readonly Row[]): string =>
  rows
    .map(
      ({ metric, floor, bare, ours, target, met, explained }) =>
        `${met ? "met   " : explained ? "missed" : "MISSED"}  ${metric}\n` +
        `        ours ${show(ours)}   bare ${show(bare)}   floor ${show(floor)}   target ${target}` +
        (explained && !met ? `\n        ${explained}` : ""),
    )
    .join("\n");
