import { deployFaultPair, type FaultPair, type PairChoices } from "./fault-pair.ts";
import { lookUntil } from "./looks.ts";
import { type Course, type Observed, observed, type Scenario } from "./scenario.ts";

export type Say = (line: string) => void;

/** Only what shows one of these rows; a course without any costs no pair. */
export const coursesFor = (
  courses: readonly Course[],
  rows: readonly number[],
): readonly Course[] =>
  courses
    .map(({ name, scenarios }) => ({ name, scenarios: withWayThere(scenarios, rows) }))
    .filter(({ scenarios }) => scenarios.length > 0);

/** What comes after a one-way scenario needs that one. */
const withWayThere = (scenarios: readonly Scenario[], rows: readonly number[]) => {
  const last = scenarios.findLastIndex((each) => each.rows.some((row) => rows.includes(row)));
  return scenarios.filter(
    (each, index) => each.rows.some((row) => rows.includes(row)) || (each.isOneWay && index < last),
  );
};

export async function runCourse(
  { name, scenarios }: Course,
  made: PairChoices,
  say: Say,
): Promise<readonly Observed[]> {
  say(`a pair for: ${name}`);
  await using pair = await deployFaultPair(made);
  const seen: Observed[] = [];
  for (const scenario of scenarios) {
    const began = performance.now();
    const found = await runScenario(scenario, pair);
    seen.push(...found);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    for (const { row, held } of found)
      say(`row ${row}  ${held ? "held" : "NOT HELD"}  ${seconds} s`);
    const left = scenario.isOneWay ? undefined : await whatIsLeft(pair);
    if (left === undefined) continue;
    say(`the pair is not as before after row ${scenario.rows.join(", ")}: ${left}`);
    break;
  }
  return seen;
}

/** A scenario that fails shows that its rows do not hold. */
async function runScenario(scenario: Scenario, pair: FaultPair): Promise<readonly Observed[]> {
  try {
    return await scenario.run(pair);
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return scenario.rows.map((row) => observed(row, false, `the scenario failed: ${why}`));
  } finally {
    pair.cloud.clearFaults();
  }
}

async function whatIsLeft(pair: FaultPair): Promise<string | undefined> {
  const { verdict, codes } = await lookUntil(pair, (status) => status.verdict === "ready", 60);
  return verdict === "ready" ? undefined : `${verdict}, ${codes.join(", ")}`;
}
