import type { MoveContext } from "../move.ts";
import { type Flag, readFlags, setFlags } from "../stack-file.ts";
import type { Step } from "../step.ts";

export type FlagsByStack = Readonly<Record<string, Readonly<Partial<Record<Flag, string>>>>>;

/** Writes the flags into the stack files, so that every later update keeps what the move did. They have to be committed. */
export const setFlagsStep = (flags: FlagsByStack): Step<MoveContext> => ({
  id: "set-flags",
  title: `Write the flags into ${Object.keys(flags)
    .map((stack) => `Pulumi.${stack}.yaml`)
    .join(" and ")}`,
  byHand: () =>
    Object.entries(flags).flatMap(([stack, values]) =>
      Object.entries(values).map(
        ([flag, value]) => `pulumi config set ${flag} ${value === "" ? '""' : value} -s ${stack}`,
      ),
    ),
  async isDone({ projectFolder }) {
    const all = await Promise.all(
      Object.entries(flags).map(async ([stack, values]) => {
        const now = await readFlags(projectFolder, stack);
        return Object.entries(values).every(
          ([flag, value]) => (now[flag as Flag] ?? unset(flag as Flag)) === value,
        );
      }),
    );
    return all.every(Boolean);
  },
  async run({ projectFolder }, report) {
    for (const [stack, values] of Object.entries(flags))
      if (await setFlags(projectFolder, stack, values))
        report(
          `Pulumi.${stack}.yaml: ${Object.entries(values)
            .map(([flag, value]) => `${flag} ${value === "" ? "empty" : value}`)
            .join(", ")}`,
        );
  },
});

/** What the program takes for a flag that the file lacks. */
const unset = (flag: Flag): string =>
  flag === "replicateFrom" || flag === "acceptDataLoss" ? "" : "false";
