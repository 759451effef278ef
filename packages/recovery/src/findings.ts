import type { Finding } from "./finding.ts";
import { alarmFindings } from "./findings/alarms.ts";
import { databaseFindings } from "./findings/databases.ts";
import type { Entry } from "./findings/entry.ts";
import { programFindings } from "./findings/program.ts";
import { recordFindings } from "./findings/record.ts";
import { secretFindings } from "./findings/secret.ts";
import { stateFindings } from "./findings/state.ts";
import type { Deployment } from "./observation.ts";

/** Everything that a command can find: each code is a section of `docs/runbook.md`, and each remedy a command. */
export const catalogue = {
  ...stateFindings,
  ...databaseFindings,
  ...secretFindings,
  ...recordFindings,
  ...programFindings,
  ...alarmFindings,
};

type Catalogue = typeof catalogue;
export type FindingCode = keyof Catalogue;
export type FactsOf<Code extends FindingCode> = Parameters<Catalogue[Code]["tell"]>[0];

/** The finding as it is told of this deployment. */
export function finding<Code extends FindingCode>(
  code: Code,
  deployment: Deployment,
  facts: FactsOf<Code>,
): Finding {
  const { severity, tell } = catalogue[code] as Entry<FactsOf<Code>>;
  return { code, severity, ...tell(facts, deployment), runbook: `docs/runbook.md#${code}` };
}
