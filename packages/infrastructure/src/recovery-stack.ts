import { localSecretArn, recoveryBucketName, serviceTag } from "@standby/topology";
import { foreignSourceRefusals } from "./adoption.ts";
import type { DatabasePlace } from "./components/database-place.ts";
import { RecoveryBucket } from "./components/recovery-bucket.ts";
import { type NetworkPlace, RegionalNetwork } from "./components/regional-network.ts";
import { accountRefusals } from "./decide.ts";
import { dnsSwitchRefusals, formerNameNotice } from "./decide-dns-switch.ts";
import {
  asksPrimaryRegion,
  decideRecovery,
  type RecoveryFacts,
  type RecoveryPlan,
} from "./decide-recovery.ts";
import { declareGenerations } from "./declare-generations.ts";
import { declareMonitoring } from "./declare-monitoring.ts";
import { declareName } from "./declare-name.ts";
import { recoveryRotation } from "./declare-rotation.ts";
import { bundleRefusals } from "./function-bundle.ts";
import {
  type PrimaryHandoff,
  type PrimaryOutputs,
  type RecoveryHandoff,
  readPrimary,
  readRecovery,
  type StackExports,
} from "./handoff.ts";
import { networkPlace, securityGroupsOf } from "./network-place.ts";
import { observeAccount, observeDatabases } from "./observe.ts";
import { observeReplication } from "./observe-replication.ts";
import { functionAddress, ordersFunction } from "./orders-function.ts";
import { ownDigest } from "./own-digest.ts";
import { probeFunction } from "./probe-function.ts";
import {
  decideTakeover,
  type ForeignRecord,
  observeRecords,
  takeoverNotice,
} from "./record-takeover.ts";
import { returnNotDeclared, returnToFenced } from "./recovery-refusals.ts";
import { type Refusal, refuse, refuseAny, warn } from "./refusal.ts";
import { adoptedIdentifier, type RecoveryConfig, type Tags } from "./stack-config.ts";
import { readStatePlace, statePlaceNotices } from "./state-place.ts";
import { joinZone } from "./zone-place.ts";

/**
 * The stack of the recovery Region, where writes go after the primary Region is lost: the replica, and for good the CNAME. It keeps
 * nothing in the primary Region, and asks nothing of it unless the CNAME is to return there.
 *
 * @throws pulumi.RunError before the first resource when something must not be declared.
 */
export async function recoveryStack(config: RecoveryConfig): Promise<StackExports> {
  refuseAny(
    accountRefusals(config, await observeAccount()),
    bundleRefusals(config.stack, [
      ...(config.monitoring ? (["monitor"] as const) : []),
      ...(config.dnsSwitch === "health-check" ? (["dns-switch"] as const) : []),
    ]),
  );
  const adopts = adoptedIdentifier(config);
  const observed = await observeDatabases(config.service, { adopts });
  const last = await readRecovery(config.stack);
  refuseAny(dnsSwitchRefusals({ ...config, last }));
  const decision = decideRecovery(
    await withPrimaryRegion(last.primary, {
      ...config,
      replicateFrom: config.replicateFrom,
      acceptDataLoss: config.acceptDataLoss,
      adopts,
      observed,
      replication: config.failover
        ? await observeReplication(last.recoveryBucket, Date.now())
        : undefined,
      last: { ...last, database: last.database?.identifier },
    }),
  );
  if ("refusals" in decision) return refuse(decision.refusals);
  const { plan } = decision;
  const handoff = await readPrimary(config, last);
  const { region, database } = handoff.primary;
  refuseAny(
    foreignSourceRefusals({ ...config, observed }, database.arn),
    returnRefusals(config, plan, handoff.primary),
  );
  const foreignRecord = await recordToTakeOver(config, handoff.primary, last);
  warn([
    ...plan.notices,
    ...(config.record.former === undefined ? [] : [formerNameNotice({ ...config, last })]),
    ...statePlaceNotices(readStatePlace(), region, config.stack),
  ]);
  return declare(config, plan, handoff, { last, foreignRecord });
}

async function withPrimaryRegion(
  primary: PrimaryOutputs | undefined,
  facts: RecoveryFacts,
): Promise<RecoveryFacts> {
  if (!primary || !asksPrimaryRegion(facts)) return facts;
  const primaryObserved = await observeDatabases(facts.service, { region: primary.region });
  return { ...facts, primaryObserved };
}

/** What the primary Region shows and what its stack says have to agree before the CNAME returns. */
function returnRefusals(
  config: RecoveryConfig,
  { returnsTo }: RecoveryPlan,
  { database, databaseFenced }: PrimaryOutputs,
): readonly Refusal[] {
  if (returnsTo === undefined) return [];
  if (returnsTo !== database.identifier) return [returnNotDeclared(config, returnsTo)];
  return databaseFenced ? [returnToFenced(config, returnsTo)] : [];
}

/** What the stack itself left, and what was there before it. */
interface Past {
  readonly last: RecoveryHandoff;
  readonly foreignRecord: ForeignRecord | undefined;
}

async function declare(
  config: RecoveryConfig,
  plan: RecoveryPlan,
  { primary, keyArn }: PrimaryHandoff,
  { last, foreignRecord }: Past,
): Promise<StackExports> {
  const { service, region } = config;
  const tags = { [serviceTag]: service };
  const network = networkPlace(config, tags, {
    kind: "request",
    peerVpcId: primary.vpcId,
    peerRegion: primary.region,
  });
  joinZone(config, network, primary.zoneId);
  const secretArn = localSecretArn(primary.secretArn, region);
  const database = declareDatabases(config, plan, { network, primary, keyArn, tags });
  // What allows one generation allows them all: the application does not wait for the next one, which takes hours.
  const databaseAddresses = [last.database?.address ?? database.address, primary.database.address];
  const around = { secretArn, keyArn, databaseAddresses, network, tags };
  const orders = ordersFunction(config, around);
  const bucket = new RecoveryBucket("recovery", {
    bucketName: recoveryBucketName(service, config.accountId, region),
    tags,
  });
  const probe = probeFunction(config, orders, {
    ...around,
    databaseAddress: database.address,
    bucket,
  });
  const rotation = recoveryRotation(config, { ...around, primary, last });
  const recordRegion = await declareName(config, {
    plan,
    database,
    primary,
    lastRegion: last.recordRegion,
    foreignRecord,
    tags,
  });
  if (config.monitoring)
    declareMonitoring(config, { primary, last, database, secretArn, network, bucket, tags });
  return {
    role: "recovery",
    region,
    service,
    databaseHostName: config.databaseHostName,
    database: database.output,
    secretArn,
    functionName: orders.functionName,
    ...functionAddress(orders),
    probeFunctionName: probe.functionName,
    recoveryBucket: bucket.bucketName,
    zoneId: primary.zoneId,
    vpcId: network.vpcId,
    vpcCidr: network.cidr,
    recordRegion,
    dnsSwitch: config.dnsSwitch,
    pinned: config.pinned,
    databaseMode: databaseMode(plan),
    databaseFenced: plan.fenced,
    recoveryPoint: config.recoveryPoint,
    programDigest: await ownDigest(),
    primary,
    ...peeringOf(network),
    ...rotation,
  };
}

/** A record that somebody else made, as long as this stack has none in its outputs. */
async function recordToTakeOver(
  { stack, databaseHostName: hostName, record }: RecoveryConfig,
  { zoneId, database }: PrimaryOutputs,
  last: RecoveryHandoff,
): Promise<ForeignRecord | undefined> {
  if (!record.existing || last.recordRegion !== undefined) return undefined;
  const facts = { stack, zoneId, hostName, statedTarget: record.existing.target };
  const decision = decideTakeover(facts, await observeRecords(zoneId, hostName));
  if ("refusals" in decision) return refuse(decision.refusals);
  warn([takeoverNotice(facts, decision.record, database.address)]);
  return decision.record;
}

/** Every generation; the last one is the Region's database. */
function declareDatabases(
  { service, database: { instanceClass, engineVersion, backupRetentionDays } }: RecoveryConfig,
  { databases }: RecoveryPlan,
  around: {
    readonly network: NetworkPlace;
    readonly primary: PrimaryOutputs;
    readonly keyArn: string;
    readonly tags: Tags;
  },
): DatabasePlace {
  const { network, primary, keyArn, tags } = around;
  return declareGenerations(databases, ({ birth, ...planned }) => ({
    ...planned,
    service,
    origin: { sourceArn: primary.database.arn, ...birth },
    instanceClass,
    engineVersion,
    backupRetentionDays,
    keyArn,
    vpcId: network.vpcId,
    subnetIds: network.subnetIds,
    ...securityGroupsOf(network),
    clientCidrs: { "own-network": network.cidr, "peer-network": network.peerCidr },
    tags,
  }));
}

const databaseMode = ({ databases }: RecoveryPlan): "replica" | "standalone" =>
  databases.at(-1)?.birth.link === "replicate" ? "replica" : "standalone";

const peeringOf = (network: NetworkPlace): Pick<StackExports, "peeringConnectionId"> =>
  network instanceof RegionalNetwork && network.peeringConnectionId
    ? { peeringConnectionId: network.peeringConnectionId }
    : {};
