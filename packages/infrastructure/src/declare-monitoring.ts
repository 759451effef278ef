import * as pulumi from "@pulumi/pulumi";
import {
  type DatabaseOutput,
  type DeployedPair,
  databaseIdentifier,
  generationOf,
  ordersFunctionName,
  probeFunctionName,
} from "@standby/topology";
import type { DatabasePlace } from "./components/database-place.ts";
import { PairMonitor } from "./components/pair-monitor.ts";
import { RecoveryAlarms } from "./components/recovery-alarms.ts";
import type { RecoveryBucket } from "./components/recovery-bucket.ts";
import { RecoveryDashboards } from "./components/recovery-dashboards.ts";
import type { NetworkPlace } from "./components/regional-network.ts";
import { manyConnections } from "./connection-limit.ts";
import { bundleOf } from "./function-bundle.ts";
import type { PrimaryOutputs, RecoveryHandoff } from "./handoff.ts";
import type { RecoveryConfig, Tags } from "./stack-config.ts";

/** What the monitor is told of, and what its alarms watch. */
export interface MonitoringFacts {
  readonly primary: PrimaryOutputs;
  readonly last: RecoveryHandoff;
  /** This Region's, of the newest generation. */
  readonly database: DatabasePlace;
  readonly secretArn: string;
  readonly network: NetworkPlace;
  readonly bucket: RecoveryBucket;
  readonly tags: Tags;
}

/** The monitor of the pair, its alarms and its dashboards. All watch the databases in whatever role they are seen in. */
export function declareMonitoring(config: RecoveryConfig, facts: MonitoringFacts): void {
  const { service, region, alarms } = config;
  const { bucket, tags } = facts;
  new PairMonitor("monitor", {
    service,
    region,
    pair: deployedPair(config, facts),
    bucketArn: bucket.arn,
    bundlePath: bundleOf("monitor"),
    tags,
  });
  const bounds = {
    lowStorageBytes: alarms.freeStorageGiB * 2 ** 30,
    manyConnections: alarms.connections ?? manyConnections(config.database.instanceClass),
  };
  new RecoveryAlarms("alarms", {
    ...bounds,
    service,
    databaseIdentifier: facts.database.identifier,
    functionName: ordersFunctionName(service),
    email: alarms.email,
    tags,
  });
  new RecoveryDashboards("dashboards", {
    ...bounds,
    service,
    accountId: config.accountId,
    primaryRegion: facts.primary.region,
    recoveryRegion: region,
    primaryDatabase: facts.primary.database.identifier,
    recoveryDatabase: facts.database.identifier,
    dnsSwitch: config.dnsSwitch,
    maximumLagSeconds: config.recoveryPoint.maximumLagSeconds,
  });
}

/**
 * The pair without what a move changes: flags, the mode of a database, its generation. The monitor sees those, and a failover has one
 * function less to update.
 */
function deployedPair(
  config: RecoveryConfig,
  { primary, last, database, secretArn, network, bucket }: MonitoringFacts,
): pulumi.Output<DeployedPair> {
  const { service, region } = config;
  const own = pulumi.output(last.database ?? database.output);
  const { databaseHostName, zoneId } = primary;
  const shared = {
    service,
    databaseHostName,
    zoneId,
    functionName: ordersFunctionName(service),
    probeFunctionName: probeFunctionName(service),
  };
  const { dnsSwitch, accountId, recoveryPoint, record } = config;
  return pulumi.all([own, network.vpcId, bucket.bucketName]).apply(
    ([output, vpcId, bucketName]): DeployedPair => ({
      service,
      accountId,
      primaryRegion: primary.region,
      recoveryRegion: region,
      primaryStack: config.primaryStack,
      recoveryStack: config.stack,
      databaseHostName,
      zoneId,
      recordTtlSeconds: record.ttlSeconds,
      recoveryPoint,
      primary: {
        ...shared,
        role: "primary",
        region: primary.region,
        database: firstGeneration(service, primary.database),
        secretArn: primary.secretArn,
        vpcId: primary.vpcId,
        vpcCidr: primary.vpcCidr,
      },
      recovery: {
        ...shared,
        role: "recovery",
        region,
        database: firstGeneration(service, output),
        secretArn,
        recoveryBucket: bucketName,
        vpcId,
        vpcCidr: network.cidr,
        dnsSwitch,
      },
    }),
  );
}

/**
 * What the database of the first generation is called, so that the next one changes nothing here: the monitor finds the newest by its
 * tag. One that was there before the program has no tag, and is found by its name.
 */
function firstGeneration(service: string, database: DatabaseOutput): DatabaseOutput {
  if (generationOf(service, database.identifier) === undefined) return database;
  const first = databaseIdentifier(service, 1);
  const renamed = (text: string) => text.replace(database.identifier, first);
  return {
    ...database,
    identifier: first,
    arn: renamed(database.arn),
    address: renamed(database.address),
  };
}
