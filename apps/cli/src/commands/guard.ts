import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { Violation } from "@standby/guard";
import type { DefineCommand } from "../command.ts";
import { type ExitCode, exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { print, printJson, type Terminal } from "../terminal.ts";

interface Flags {
  readonly allow?: readonly string[];
  readonly json?: true;
}

const description =
  "Reads the answer of pulumi preview --json --show-sames, from a file or from standard input, and refuses a plan that would replace or delete what lasts (database, secret, key, zone, record, bucket, VPC, a group in use), remove a copy of the secret, or declare a database or secret without its protection. Names the resource and the rule. Asks nothing of AWS and needs no credentials.";

export const defineGuard: DefineCommand = (program, terminal, finish) => {
  program
    .command("guard")
    .summary("refuse a plan that would lose something, for CI")
    .description(description)
    .argument("[file]", "where the plan is; default: standard input")
    .option(
      "--allow <rule:resource>",
      "let this resource break this rule, for a change that is meant; can be repeated",
      (value: string, before: readonly string[] = []) => [...before, value],
    )
    .option("--json", "print one JSON document on stdout and nothing else there")
    .addHelpText("after", exitCodesHelp)
    .action(async (file: string | undefined, flags: Flags) =>
      finish(await guard(file, flags, terminal)),
    );
};

async function guard(
  file: string | undefined,
  { allow = [], json }: Flags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { describeViolation, judgePlan } = await import("@standby/guard");
  const plan = await planIn(file, terminal);
  const found = judgePlan(plan);
  const isAllowed = ({ rule, resource }: Violation) => allow.includes(`${rule}:${resource}`);
  const violations = found.filter((violation) => !isAllowed(violation));
  const ok = violations.length === 0;
  if (json)
    await printJson(terminal.stdout, {
      schema: "standby.guard/1",
      ok,
      steps: plan.length,
      violations,
      allowed: found.filter(isAllowed),
    });
  else
    await print(
      terminal.stdout,
      ok
        ? `The plan breaks no rule (${plan.length} resources looked at).\n`
        : `The plan breaks ${violations.length === 1 ? "a rule" : "rules"}:\n${violations.map((each) => `  ${describeViolation(each)}\n`).join("")}`,
    );
  return ok ? exitCodes.done : exitCodes.refused;
}

/** @throws UsageError that says what to type instead, and nothing of what was read. */
async function planIn(file: string | undefined, { stdin = process.stdin }: Terminal) {
  const [{ NotAPlanError, readPlan }, { UsageError }] = await Promise.all([
    import("@standby/guard"),
    import("@standby/recovery"),
  ]);
  try {
    return readPlan(await (file === undefined ? text(stdin) : readFile(file, "utf8")));
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (!isMissing && !(error instanceof NotAPlanError)) throw error;
    throw new UsageError(
      isMissing ? `There is no file ${file}.` : (error as Error).message,
      ["pulumi preview -s <stack> --json --show-sames | standby guard"],
      { cause: error },
    );
  }
}
