import * as aws from "@pulumi/aws";
import { localSecretArn, parseRdsEndpoint, serviceTag } from "@standby/topology";
import { DatabaseRecord, type DatabaseRecordTarget } from "./components/database-record.ts";
import type { RegionalDatabase } from "./components/regional-database.ts";
import { type NetworkPlace, RegionalNetwork } from "./components/regional-network.ts";
import { proveWritable } from "./components/writable-database.ts";
import { accountRefusals, unavailable } from "./decide.ts";
import { decideRecovery, type RecoveryPlan } from "./decide-recovery.ts";
import { declareGenerations } from "./declare-generations.ts";
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
import { refuse, refuseAny, warn } from "./refusal.ts";
import type { RecoveryConfig, Tags } from "./stack-config.ts";
import { readStatePlace, statePlaceNotices } from "./state-place.ts";

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
    replicateFrom: config.replicateFrom,
    acceptDataLoss: config.acceptDataLoss,
    observed,
    last: { ...last, database: last.database?.identifier },
  });
  if ("refusals" in decision) return refuse(decision.refusals);
  const { plan } = decision;
  refuseAny(unavailable(config.stack, plan));
  const handoff = await readPrimary(config, last);
  const { region } = handoff.primary;
  warn([...plan.notices, ...statePlaceNotices(readStatePlace(), region, config.stack)]);
  return declare(config, plan, handoff);
}

async function declare(
  config: RecoveryConfig,
  plan: RecoveryPlan,
  { primary, keyArn }: PrimaryHandoff,
): Promise<StackExports> {
  const { service, region } = config;
  const tags = { [serviceTag]: service };
  const network = networkPlace(config, tags, {
    kind: "request",
    peerVpcId: primary.vpcId,
    peerRegion: primary.region,
  });
  joinZone(config, network, primary);
  const secretArn = localSecretArn(primary.secretArn, region);
  const database = declareDatabases(config, plan, { network, primary, keyArn, tags });
  const orders = ordersFunction(config, {
    secretArn,
    keyArn,
    databaseAddresses: [database.address, primary.database.address],
    network,
    tags,
  });
  const record = new DatabaseRecord("record", {
    zoneId: primary.zoneId,
    hostName: config.databaseHostName,
    ttlSeconds: config.record.ttlSeconds,
    target: await recordTarget(plan, database, primary),
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
    databaseMode: databaseMode(plan),
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

/** Every generation; the last one is the Region's database. */
function declareDatabases(
  { service, database }: RecoveryConfig,
  { databases }: RecoveryPlan,
  around: {
    readonly network: NetworkPlace;
    readonly primary: PrimaryOutputs;
    readonly keyArn: string;
    readonly tags: Tags;
  },
): RegionalDatabase {
  const { network, primary, keyArn, tags } = around;
  return declareGenerations(databases, ({ generation, birth, retired, promotionRequested }) => ({
    service,
    generation,
    origin: { sourceArn: primary.database.arn, ...birth },
    retired,
    promotionRequested,
    ...database,
    keyArn,
    vpcId: network.vpcId,
    subnetIds: network.subnetIds,
    clientCidrs: { "own-network": network.cidr, "peer-network": network.peerCidr },
    tags,
  }));
}

/** The address of a writer is used only after RDS was asked: the program waits for the promotion here. */
async function recordTarget(
  { record }: RecoveryPlan,
  database: RegionalDatabase,
  { database: { address } }: PrimaryOutputs,
): Promise<DatabaseRecordTarget> {
  switch (record) {
    case "primary":
    case "kept":
      return { kind: record, address };
    case "readOnly":
      return { kind: record, database };
    case "writable":
      return { kind: record, database: await proveWritable(database) };
  }
}

const databaseMode = ({ databases }: RecoveryPlan): "replica" | "standalone" =>
  databases.at(-1)?.birth.link === "replicate" ? "replica" : "standalone";

const peeringOf = (network: NetworkPlace): Pick<StackExports, "peeringConnectionId"> =>
  network instanceof RegionalNetwork && network.peeringConnectionId
    ? { peeringConnectionId: network.peeringConnectionId }
    : {};
