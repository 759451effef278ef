import { parseArgs } from "node:util";
import { databasesUnderTest } from "@standby/local-cloud/testing";
import type { CheckResult } from "../src/invariants/check.ts";
import { runKillPoints } from "./course.ts";
import type { Execution } from "./execution.ts";
import type { KillPoint } from "./kill-point.ts";
import { matrixOf, matrixText } from "./matrix.ts";
import type { MoveName } from "./moves.ts";

/**
 * `run.ts [--json] [--command failover] [--step promote] [--moment during] [--alone]`: each step of the moves killed with -9, and typed
 * again. The moments of a step share an execution; `--alone` gives each one of its own, which takes three times as long. Exit 1 when
 * something does not hold, 2 for options that choose nothing.
 */

const say = (line: string): void => void process.stderr.write(`kill-points  ${line}\n`);

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    alone: { type: "boolean" },
    command: { type: "string" },
    step: { type: "string" },
    moment: { type: "string" },
  },
});
const isAskedMove = (move: MoveName): boolean => move.startsWith(values.command ?? "");
const isAsked = (_move: MoveName, { step, moment }: KillPoint): boolean =>
  step === (values.step ?? step) && moment === (values.moment ?? moment);

const [database] = await databasesUnderTest("one kind");
if (!database) throw new Error("this machine has no database server");
say(`on ${database.program.version}`);
const executions: Execution[] = [];
const history: CheckResult[] = [];
await runKillPoints(
  { database, alone: values.alone === true, isAsked, isAskedMove, say },
  {
    found(execution) {
      executions.push(execution);
      const { move, outcomes, complaints, seconds } = execution;
      const points = outcomes.map(({ point }) => `${point.step} ${point.moment}`).join(", ");
      const verdict = complaints.length === 0 ? "held" : `NOT HELD: ${complaints.join("; ")}`;
      say(`${move}  ${seconds.toFixed(0)} s  ${points || "not killed"}  ${verdict}`);
    },
    judged: (results) => history.push(...results),
  },
);
const lines = matrixOf(executions);
if (lines.length === 0) {
  say("no kill point is chosen: see the steps of `standby <command> --dry-run`");
  process.exit(2);
}
process.stdout.write(
  values.json
    ? `${JSON.stringify({ schema: "standby.kill-points/1", database: database.program.version, lines, history }, null, 2)}\n`
    : matrixText(lines, history),
);
const isBad = executions.some(({ complaints }) => complaints.length > 0);
process.exitCode = isBad || history.some(({ ok }) => !ok) ? 1 : 0;
