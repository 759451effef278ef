import type { HealthCheckStore } from "./health-check-store.ts";
import { type RecordSet, sameName } from "./zone.ts";

/** A record set without a health check counts as healthy. Undefined: its check was deleted, and nobody can say. */
function isHealthy(set: RecordSet, healthChecks: HealthCheckStore): boolean | undefined {
  const id = set.routing?.healthCheckId;
  return id === undefined ? true : healthChecks.find(id)?.isHealthy;
}

/** The secondary is answered while it alone is healthy; when neither is, Route 53 answers the primary. */
function answered(
  primary: RecordSet | undefined,
  secondary: RecordSet | undefined,
  healthChecks: HealthCheckStore,
): RecordSet | undefined {
  if (!primary || !secondary) return primary ?? secondary;
  const isPrimaryHealthy = isHealthy(primary, healthChecks);
  if (isPrimaryHealthy === undefined) return undefined;
  return !isPrimaryHealthy && isHealthy(secondary, healthChecks) ? secondary : primary;
}

/**
 * Of one name's record sets those that its name servers answer: of two failover sets the one that health chooses.
 * Undefined: the primary's health check is gone, and which of them AWS would answer cannot be told.
 */
export function answeredSets(
  sets: readonly RecordSet[],
  healthChecks: HealthCheckStore,
): readonly RecordSet[] | undefined {
  const chosen: RecordSet[] = sets.filter((set) => set.routing === undefined);
  for (const set of sets.filter(({ routing }) => routing !== undefined)) {
    if (chosen.some((other) => sameName(other, set))) continue;
    const pair = sets.filter((other) => sameName(other, set));
    const of = (kind: string) => pair.find(({ routing }) => routing?.failover === kind);
    const answer = answered(of("PRIMARY"), of("SECONDARY"), healthChecks);
    if (!answer) return undefined;
    chosen.push(answer);
  }
  return chosen;
}
