import { Background } from "../background.ts";
import type { DatabaseServers, DnsAuthority } from "../data-planes.ts";
import type { Dials } from "../dials.ts";
import type { Faults } from "../faults.ts";
import type { KeyUse } from "../kms/key-store.ts";
import type { Outages } from "../outages.ts";
import type { Service } from "../service.ts";
import type { RdsContext } from "./context.ts";
import { createInstanceOperation } from "./create-instance.ts";
import { createReplicaOperation } from "./create-replica.ts";
import { deleteInstanceOperation } from "./delete-instance.ts";
import { describeInstancesOperation } from "./describe-instances.ts";
import { endpointNames } from "./endpoint-names.ts";
import { InstanceMetrics, type InstanceMetricsOptions } from "./instance-metrics.ts";
import { modifyInstanceOperation } from "./modify-instance.ts";
import { parameterGroupOperations } from "./parameter-groups.ts";
import { promoteOperation } from "./promote.ts";
import { RdsStore } from "./rds-store.ts";
import { rebootOperation } from "./reboot.ts";
import { snapshotOperations } from "./snapshots.ts";
import { subnetGroupOperations } from "./subnet-groups.ts";
import { tagOperations } from "./tags.ts";

export interface RdsOptions {
  readonly servers: DatabaseServers;
  readonly dials: Dials;
  readonly outages: Outages;
  readonly faults: Faults;
  readonly keys: KeyUse;
  /** Default: nobody is told how the databases do. */
  readonly measures?: InstanceMetricsOptions;
}

export interface Rds extends Service {
  /** The names under `rds.amazonaws.com`. */
  readonly names: DnsAuthority;
  /** So much storage is left from now on, for the metrics alone. */
  leaveFree(region: string, identifier: string, bytes: number | undefined): void;
  /** Ends what is under way; the servers are their owner's to stop. */
  close(): Promise<void>;
}

/** RDS for MySQL: real servers behind AWS's statuses, waits and refusals. */
export function createRds({ servers, dials, outages, faults, keys, measures }: RdsOptions): Rds {
  const store = new RdsStore();
  const background = new Background(outages);
  const rds: RdsContext = { store, servers, keys, faults, background, dials };
  const metrics = measures && new InstanceMetrics(rds, measures);
  return {
    name: "rds",
    operations: {
      ...createInstanceOperation(rds),
      ...createReplicaOperation(rds),
      ...promoteOperation(rds),
      ...modifyInstanceOperation(rds),
      ...rebootOperation(rds),
      ...deleteInstanceOperation(rds),
      ...describeInstancesOperation(rds),
      ...parameterGroupOperations(rds),
      ...subnetGroupOperations(rds),
      ...snapshotOperations(rds),
      ...tagOperations(rds),
    },
    names: endpointNames(store),
    leaveFree: (region, identifier, bytes) => metrics?.leaveFree(region, identifier, bytes),
    close: () => background.close(),
  };
}
