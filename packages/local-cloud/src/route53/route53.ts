import { Background } from "../background.ts";
import type { AlarmUse } from "../cloudwatch/alarm-use.ts";
import type { DnsAuthority } from "../data-planes.ts";
import type { Dials } from "../dials.ts";
import { Faults } from "../faults.ts";
import { Outages } from "../outages.ts";
import type { Service } from "../service.ts";
import { HealthCheckStore } from "./health-check-store.ts";
import { healthCheckOperations } from "./health-checks.ts";
import { watchHealth } from "./health-status.ts";
import { hostedZoneOperations } from "./hosted-zones.ts";
import { recordSetOperations } from "./record-sets.ts";
import { tagOperations } from "./tags.ts";
import { vpcAssociationOperations } from "./vpc-associations.ts";
import { zoneNames } from "./zone-names.ts";
import { ZoneStore } from "./zone-store.ts";

export interface Route53 extends Service {
  /** The names of the hosted zones, as far as changes have propagated. */
  readonly names: DnsAuthority;
  /** Ends propagation. */
  close(): Promise<void>;
}

/** Without CloudWatch no health check ever has data. */
const noAlarms: AlarmUse = { ruleOf: () => undefined, stateByData: () => "INSUFFICIENT_DATA" };

/** Route 53: hosted zones, simple and failover records, health checks on alarms. Its control plane goes on while us-east-1 is lost: that is an outage of its own. */
export function createRoute53({
  dials,
  faults = new Faults(),
  alarms = noAlarms,
}: {
  readonly dials: Dials;
  readonly faults?: Faults;
  readonly alarms?: AlarmUse;
}): Route53 {
  const background = new Background(new Outages());
  const store = new ZoneStore(background, dials);
  const healthChecks = new HealthCheckStore();
  watchHealth({ healthChecks, alarms, background, dials });
  return {
    name: "route53",
    operations: {
      ...hostedZoneOperations(store),
      ...recordSetOperations(store, healthChecks, faults),
      ...healthCheckOperations(healthChecks),
      ...vpcAssociationOperations(store),
      ...tagOperations({ zones: store, healthChecks }),
    },
    names: zoneNames(store, healthChecks),
    close: () => background.close(),
  };
}
