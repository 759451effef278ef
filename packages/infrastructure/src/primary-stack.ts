import { regionOfArn, serviceTag } from "@standby/topology";
import { adoptionNotices } from "./adoption.ts";
import type { DatabasePlace } from "./components/database-place.ts";
import type { NetworkPlace, Peering } from "./components/regional-network.ts";
import type { ReplicatedSecret } from "./components/replicated-secret.ts";
import { accountRefusals } from "./decide.ts";
import { decidePrimary, type PrimaryPlan } from "./decide-primary.ts";
import { declareGenerations } from "./declare-generations.ts";
import { primaryRotation } from "./declare-rotation.ts";
import { passwordOf } from "./first-value.ts";
import { bundleRefusals } from "./function-bundle.ts";
import type { ReplicaBirth } from "./generations.ts";
import {
  type LastPrimary,
  type RecoveryHandoff,
  readLastPrimary,
  readRecovery,
  type StackExports,
} from "./handoff.ts";
import { networkPlace, securityGroupsOf } from "./network-place.ts";
import { observeAccount, observeDatabases } from "./observe.ts";
import { functionAddress, ordersFunction } from "./orders-function.ts";
import {
  awaitCopies,
  databaseToCreate,
  declareSecret,
  type PlannedSecret,
  planSecret,
  readerKeyArn,
  secretOutputs,
} from "./primary-secret.ts";
import { probeFunction } from "./probe-function.ts";
import { refuse, refuseAny, warn } from "./refusal.ts";
import { adoptedIdentifier, type PrimaryConfig, type Tags } from "./stack-config.ts";
import { readStatePlace, statePlaceNotices } from "./state-place.ts";
import { checkZone, zonePlace } from "./zone-place.ts";

/**
 * The stack of the primary Region, where writes go in normal times: the zone, the secret with its copies, the source database.
 *
 * @throws pulumi.RunError before the first resource when something must not be declared.
 */
export async function primaryStack(config: PrimaryConfig): Promise<StackExports> {
  refuseAny(accountRefusals(config, await observeAccount()), bundleRefusals(config.stack));
  const adopts = adoptedIdentifier(config);
  const observed = await observeDatabases(config.service, { adopts });
  const last = await readLastPrimary(config.stack);
  const recovery = await readRecovery(config.recoveryStack);
  const decision = decidePrimary({
    ...config,
    replicateFrom: config.replicateFrom,
    adopts,
    configured: "existing" in config.database ? undefined : config.database,
    observed,
    lastDatabase: last.database ?? recovery.primary?.database.identifier,
    lastFenced: last.databaseFenced,
    recordRegion: recovery.recordRegion,
    recoveryWriterArn: recovery.databaseMode === "standalone" ? recovery.database?.arn : undefined,
  });
  if ("refusals" in decision) return refuse(decision.refusals);
  const secret = await planSecret(config, {
    last: last.secret,
    newDatabase: databaseToCreate(config, decision.plan),
    databaseRegions: [config.region, regionOfArn(recovery.database?.arn ?? "")].filter(
      (region) => region !== undefined,
    ),
  });
  if ("refusals" in secret) return refuse(secret.refusals);
  await checkZone(config, last.zoneId);
  warn([
    ...decision.plan.notices,
    ...adoptionNotices({ ...config, observed }),
    ...secret.notices,
    ...statePlaceNotices(readStatePlace(), config.region, config.stack),
  ]);
  return declare(config, decision.plan, { recovery, secret, last });
}

async function declare(
  config: PrimaryConfig,
  plan: PrimaryPlan,
  around: {
    readonly recovery: RecoveryHandoff;
    readonly secret: PlannedSecret;
    readonly last: LastPrimary;
  },
): Promise<StackExports> {
  const { recovery, secret: planned, last } = around;
  const { service, region } = config;
  const tags = { [serviceTag]: service };
  const network = networkPlace(config, tags, peering(recovery));
  const zoneId = zonePlace(config, network, tags);
  const secret = declareSecret(config, planned, databaseToCreate(config, plan), tags);
  const database = declareDatabases(config, plan, { network, secret, planned, recovery, tags });
  const surroundings = {
    secretArn: secret.arn,
    keyArn: readerKeyArn(config, planned, secret),
    // What allows one generation allows them all: the application does not wait for the next one, which takes hours.
    databaseAddresses: [last.databaseAddress ?? database.address, recovery.database?.address],
    network,
    tags,
  };
  const orders = ordersFunction(config, surroundings);
  const probe = probeFunction(config, orders, {
    ...surroundings,
    databaseAddress: database.address,
  });
  const rotation = primaryRotation(config, { ...surroundings, secret, recovery, last });
  await awaitCopies(config, planned, secret, [orders, database.instance]);
  return {
    role: "primary",
    region,
    service,
    databaseHostName: config.databaseHostName,
    database: database.output,
    databaseFenced: plan.fenced,
    functionName: orders.functionName,
    ...functionAddress(orders),
    probeFunctionName: probe.functionName,
    zoneId,
    vpcId: network.vpcId,
    vpcCidr: network.cidr,
    ...secretOutputs(config, planned, secret),
    ...rotation,
  };
}

/** The recovery stack asks for the connection; this one accepts it as soon as it can read of it. */
const peering = ({ peeringConnectionId }: RecoveryHandoff): Peering | undefined =>
  peeringConnectionId === undefined ? undefined : { kind: "accept", peeringConnectionId };

function declareDatabases(
  { service, database }: PrimaryConfig,
  { databases }: PrimaryPlan,
  around: {
    readonly network: NetworkPlace;
    readonly secret: ReplicatedSecret;
    readonly planned: PlannedSecret;
    readonly recovery: RecoveryHandoff;
    readonly tags: Tags;
  },
): DatabasePlace {
  const { network, secret, planned, recovery, tags } = around;
  const password = planned.password ?? secret.storedFirstValue?.apply(passwordOf);
  return declareGenerations(databases, ({ birth, ...generation }) => ({
    ...generation,
    service,
    origin:
      birth.kind === "created"
        ? { ...birth, ...described(database), ...(password ? { password } : {}) }
        : { ...birth, sourceArn: knownSource(birth) },
    instanceClass: database.instanceClass,
    engineVersion: database.engineVersion,
    backupRetentionDays: database.backupRetentionDays,
    keyArn: secret.keyArn,
    vpcId: network.vpcId,
    subnetIds: network.subnetIds,
    ...securityGroupsOf(network),
    clientCidrs: {
      "own-network": network.cidr,
      // Opened when the recovery stack exists: until then the block may be anybody's.
      ...(recovery.recordRegion === undefined ? {} : { "peer-network": network.peerCidr }),
    },
    tags,
  }));
}

/** The decision has refused to make a first database where there is one to adopt. */
function described(database: PrimaryConfig["database"]) {
  if ("existing" in database) throw new TypeError("an adopted database is never made");
  return database;
}

/** Only the recovery Region's first database has a source that its stack finds out by itself. */
function knownSource({ sourceArn }: ReplicaBirth): string {
  if (sourceArn === undefined) throw new TypeError("a replica of the primary Region has a source");
  return sourceArn;
}
