import * as aws from "@pulumi/aws";
import { localSecretArn, parseRdsEndpoint, serviceTag } from "@standby/topology";
import { DatabaseRecord, type DatabaseRecordTarget } from "./components/database-record.ts";
import { RegionalDatabase } from "./components/regional-database.ts";
import { type NetworkPlace, RegionalNetwork } from "./components/regional-network.ts";
import { accountRefusals, decideRecovery, type RecoveryPlan } from "./decide.ts";
import { bundleRefusals } from "./function-bundle.ts";
import {
  type PrimaryHandoff,
  type PrimaryOutputs,
  readPrimary,
  readRecovery,
  type StackExports,
} from "./handoff.ts";
import { networkPlace } from "./network-place.ts";
import { observeAccount, observeDatabases } from "./observe.ts";
import { ordersFunction } from "./orders-function.ts";
import { refuse, refuseAny } from "./refusal.ts";
import type { RecoveryConfig, Tags } from "./stack-config.ts";

/**
 * The stack of the recovery Region, where writes go after the primary Region is lost: the replica, and for good the CNAME. It asks
 * nothing of the primary Region and keeps nothing there.
 *
 * @throws pulumi.RunError before the first resource when something must not be declared.
 */
export async function recoveryStack(config: RecoveryConfig): Promise<StackExports> {
  refuseAny(accountRefusals(config, await observeAccount()), bundleRefusals(config.stack));
  const observed = await observeDatabases(config.service);
  const last = await readRecovery(config.stack);
  const decision = decideRecovery({
    ...config,
    flags: config,
    observed,
    lastRecordRegion: last.recordRegion,
  });
  if ("refusals" in decision) return refuse(decision.refusals);
  return declare(config, decision.plan, await readPrimary(config, last));
}

function declare(
  config: RecoveryConfig,
  plan: RecoveryPlan,
  { primary, keyArn }: PrimaryHandoff,
): StackExports {
  const { service, region } = config;
  const tags = { [serviceTag]: service };
  const network = networkPlace(config, tags, {
    kind: "request",
    peerVpcId: primary.vpcId,
    peerRegion: primary.region,
  });
  joinZone(config, network, primary);
  const secretArn = localSecretArn(primary.secretArn, region);
  const database = declareDatabase(config, plan, { network, primary, keyArn, tags });
  const record = new DatabaseRecord("record", {
    zoneId: primary.zoneId,
    hostName: config.databaseHostName,
    ttlSeconds: config.record.ttlSeconds,
    target: recordTarget(plan, database, primary),
  });
  const orders = ordersFunction(config, {
    secretArn,
    keyArn,
    databaseAddresses: [database.address, primary.database.address],
    network,
    tags,
  });
  return {
    role: "recovery",
    region,
    service,
    databaseHostName: config.databaseHostName,
    database: database.output,
    secretArn,
    functionName: orders.functionName,
    zoneId: primary.zoneId,
    vpcId: network.vpcId,
    vpcCidr: network.cidr,
    recordRegion: record.address.apply((address) => parseRdsEndpoint(address)?.region ?? ""),
    primary,
    ...peeringOf(network),
  };
}

/** The zone belongs to the primary stack, the association to the one whose VPC it is. */
function joinZone(
  { network: configured, region }: RecoveryConfig,
  network: NetworkPlace,
  { zoneId }: PrimaryOutputs,
): void {
  if ("existing" in configured && !configured.existing.associateZone) return;
  new aws.route53.ZoneAssociation(
    "zone",
    { zoneId, vpcId: network.vpcId, vpcRegion: region },
    { protect: true },
  );
}

function declareDatabase(
  { service, database }: RecoveryConfig,
  { generation, link }: RecoveryPlan,
  around: {
    readonly network: NetworkPlace;
    readonly primary: PrimaryOutputs;
    readonly keyArn: string;
    readonly tags: Tags;
  },
): RegionalDatabase {
  const { network, primary, keyArn, tags } = around;
  return new RegionalDatabase(`database-${generation}`, {
    service,
    generation,
    origin: { kind: "replica", sourceArn: primary.database.arn, link },
    ...database,
    keyArn,
    vpcId: network.vpcId,
    subnetIds: network.subnetIds,
    clientCidrs: { "own-network": network.cidr, "peer-network": network.peerCidr },
    tags,
  });
}

const recordTarget = (
  { record }: RecoveryPlan,
  database: RegionalDatabase,
  primary: PrimaryOutputs,
): DatabaseRecordTarget =>
  record === "primary"
    ? { kind: "primary", address: primary.database.address }
    : { kind: record, database };

const peeringOf = (network: NetworkPlace): Pick<StackExports, "peeringConnectionId"> =>
  network instanceof RegionalNetwork && network.peeringConnectionId
    ? { peeringConnectionId: network.peeringConnectionId }
    : {};
