/** `component`: the program's own; `bare`: the same resources without it. */
export const subjects = ["component", "bare"] as const;
export type Subject = (typeof subjects)[number];

export interface Update {
  readonly subject: Subject;
  readonly secrets: number;
  readonly kind: "first" | "no-op";
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
}

/** The best of all updates of one kind: whatever else the machine does makes a figure worse and never better. */
export interface Line {
  readonly secrets: number;
  readonly kind: Update["kind"];
  readonly component: Figures;
  readonly bare: Figures;
}

interface Figures {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
}

export interface Target {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly met: boolean;
}

/** How much more of the processors than the bare program's a no-op update may take. */
const noOpLimit = 1.1;
/** How much more another secret may cost at the largest size than at the middle one. 1 is linear, 10 the square. */
const growthLimit = 1.5;

export function linesOf(updates: readonly Update[]): readonly Line[] {
  const sizes = [...new Set(updates.map(({ secrets }) => secrets))].sort((a, b) => a - b);
  return sizes.flatMap((secrets) =>
    (["first", "no-op"] as const).map((kind) => {
      const best = (subject: Subject): Figures => {
        const own = updates.filter(
          (each) => each.secrets === secrets && each.kind === kind && each.subject === subject,
        );
        return {
          seconds: Math.min(...own.map(({ seconds }) => seconds)),
          processorSeconds: Math.min(...own.map(({ processorSeconds }) => processorSeconds)),
          peakMegabytes: Math.min(...own.map(({ peakMegabytes }) => peakMegabytes)),
        };
      };
      return { secrets, kind, component: best("component"), bare: best("bare") };
    }),
  );
}

const growth = (small: number, middle: number, large: number, sizes: readonly number[]): number => {
  const [least = 0, between = 0, most = 0] = sizes;
  return (large - middle) / (most - between) / ((middle - small) / (between - least));
};

/**
 * Three sizes are needed: the cost of one more secret is compared between the lower two and the upper two. Time is the processors' here:
 * what else runs on the machine stretches seconds by any factor, and neither program waits for anything but its own work.
 */
export function targetsOf(lines: readonly Line[]): readonly Target[] {
  const target = (name: string, value: number, limit: number): Target => ({
    name,
    value,
    limit,
    met: value <= limit,
  });
  const growths = (["first", "no-op"] as const).flatMap((kind) => {
    const own = lines.filter((line) => line.kind === kind);
    const sizes = own.map(({ secrets }) => secrets);
    const of = (measure: keyof Figures): number => {
      const [small = 0, middle = 0, large = 0] = own.map(({ component }) => component[measure]);
      return growth(small, middle, large, sizes);
    };
    return [
      target(`${kind} up: growth of time`, of("processorSeconds"), growthLimit),
      target(`${kind} up: growth of memory`, of("peakMegabytes"), growthLimit),
    ];
  });
  const ratios = lines
    .filter(({ kind }) => kind === "no-op")
    .map(({ secrets, component, bare }) =>
      target(
        `no-op up of ${secrets}: time against bare`,
        component.processorSeconds / bare.processorSeconds,
        noOpLimit,
      ),
    );
  return [...ratios, ...growths];
}

const columns = (cells: readonly (string | number)[]): string =>
  cells
    .map((cell, index) => (index === 0 ? String(cell).padEnd(22) : String(cell).padStart(12)))
    .join("");

const figuresOf = ({ seconds, processorSeconds, peakMegabytes }: Figures): readonly string[] => [
  seconds.toFixed(2),
  processorSeconds.toFixed(2),
  peakMegabytes.toFixed(0),
];

export function print(lines: readonly Line[], targets: readonly Target[]): string {
  return [
    columns(["", "component", "", "", "bare", "", ""]),
    columns(["secrets × 3 Regions", ...["s", "cpu s", "MB"], ...["s", "cpu s", "MB"]]),
    ...lines.map(({ secrets, kind, component, bare }) =>
      columns([`${secrets} ${kind}`, ...figuresOf(component), ...figuresOf(bare)]),
    ),
    "",
    ...targets.map(
      ({ name, value, limit, met }) =>
        `${met ? "met   " : "MISSED"}  ${name}: ${value.toFixed(2)}, at most ${limit}`,
    ),
  ].join("\n");
}
