import type { DashboardBody } from "./dashboard-body.ts";
import type { DashboardFacts, DashboardKey } from "./dashboard-facts.ts";
import { ordersFunctionName, probeFunctionName } from "./deployment.ts";
import { dnsSwitchFunctionName } from "./dns-switch.ts";
import { monitorFunctionName } from "./monitor.ts";
import { pairBody } from "./pair-dashboard.ts";
import { regionBody } from "./region-dashboard.ts";

/**
 * One dashboard for the pair and one a Region. All stand in the recovery Region's stack: the primary Region may be lost when they are
 * wanted, and a graph may show any Region's metrics.
 */
export function dashboardBodies(
  facts: DashboardFacts,
): Readonly<Record<DashboardKey, DashboardBody>> {
  const { service, primaryRegion, recoveryRegion, dnsSwitch } = facts;
  const inBoth = [ordersFunctionName(service), probeFunctionName(service)];
  return {
    pair: pairBody(facts),
    primary: regionBody(facts, {
      role: "primary",
      region: primaryRegion,
      database: facts.primaryDatabase,
      functions: inBoth,
    }),
    recovery: regionBody(facts, {
      role: "recovery",
      region: recoveryRegion,
      database: facts.recoveryDatabase,
      functions: [
        ...inBoth,
        monitorFunctionName(service),
        ...(dnsSwitch === "health-check" ? [dnsSwitchFunctionName(service)] : []),
      ],
      lowStorage: { label: "storage-low", value: facts.lowStorageBytes },
      manyConnections: { label: "connections-high", value: facts.manyConnections },
    }),
  };
}
