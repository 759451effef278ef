import { Background } from "../background.ts";
import type { DnsAuthority } from "../data-planes.ts";
import type { Dials } from "../dials.ts";
import { Faults } from "../faults.ts";
import { Outages } from "../outages.ts";
import type { Service } from "../service.ts";
import { HealthCheckStore } from "./health-check-store.ts";
import { healthCheckOperations } from "./health-checks.ts";
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

/** Route 53: hosted zones, simple and failover records, health checks as data. Its control plane goes on while us-east-1 is lost: that is an outage of its own. */
export function createRoute53({
  dials,
  faults = new Faults(),
}: {
  readonly dials: Dials;
  readonly faults?: Faults;
}): Route53 {
  const background = new Background(new Outages());
  const store = new ZoneStore(background, dials);
  const healthChecks = new HealthCheckStore();
  return {
    name: "route53",
    operations: {
      ...hostedZoneOperations(store),
      ...recordSetOperations(store, healthChecks, faults),
      ...healthCheckOperations(healthChecks),
      ...vpcAssociationOperations(store),
      ...tagOperations({ zones: store, healthChecks }),
    },
    names: zoneNames(store),
    close: () => background.close(),
  };
}
