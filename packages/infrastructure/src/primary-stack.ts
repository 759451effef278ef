import * as pulumi from "@pulumi/pulumi";
import { databaseSecretName, ordersRoleName, serviceTag } from "@standby/topology";
import { adoptionNotices } from "./adoption.ts";
import type { DatabasePlace } from "./components/database-place.ts";
import type { NetworkPlace, Peering } from "./components/regional-network.ts";
import { proveCopies } from "./components/replicated-copies.ts";
import { ReplicatedSecret } from "./components/replicated-secret.ts";
import { accountRefusals } from "./decide.ts";
import { decidePrimary, type PrimaryPlan } from "./decide-primary.ts";
import { declareGenerations } from "./declare-generations.ts";
import { firstValue, passwordOf } from "./first-value.ts";
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
import { ordersFunction } from "./orders-function.ts";
import { refuse, refuseAny, warn } from "./refusal.ts";
import { formerReplicaRegions, replicaRemovalRefusals } from "./secret-replicas.ts";
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
  refuseAny(replicaRemovalRefusals(config, last.secretRegions));
  await checkZone(config, last.zoneId);
  warn([
    ...decision.plan.notices,
    ...adoptionNotices({ ...config, observed }),
    ...statePlaceNotices(readStatePlace(), config.region, config.stack),
  ]);
  return declare(config, decision.plan, recovery, last);
}

async function declare(
  config: PrimaryConfig,
  plan: PrimaryPlan,
  recovery: RecoveryHandoff,
  last: LastPrimary,
): Promise<StackExports> {
  const { service, region } = config;
  const former = formerReplicaRegions(config, [
    ...last.secretRegions,
    ...last.formerReplicaRegions,
  ]);
  const tags = { [serviceTag]: service };
  const network = networkPlace(config, tags, peering(recovery));
  const zoneId = zonePlace(config, network, tags);
  const secret = declareSecret(config, plan, former, tags);
  const database = declareDatabases(config, plan, { network, secret, recovery, tags });
  const orders = ordersFunction(config, {
    secretArn: secret.arn,
    keyArn: secret.keyArn,
    // What allows one generation allows them all: the function does not wait for the next one, which takes hours.
    databaseAddresses: [last.databaseAddress ?? database.address, recovery.database?.address],
    network,
    tags,
  });
  await proveCopies(
    "secret-copies",
    {
      stack: config.stack,
      region,
      arn: secret.arn,
      name: secretNameOf(config),
      replicaRegions: config.secret.replicaRegions,
    },
    { parent: secret, after: [secret, orders, ...(database.instance ? [database.instance] : [])] },
  );
  return {
    role: "primary",
    region,
    service,
    databaseHostName: config.databaseHostName,
    database: database.output,
    databaseFenced: plan.fenced,
    secretArn: secret.arn,
    functionName: orders.functionName,
    zoneId,
    vpcId: network.vpcId,
    vpcCidr: network.cidr,
    encryptionKeyArns: pulumi.all(secret.keyArns),
    ...(former.length > 0 ? { formerReplicaRegions: [...former] } : {}),
  };
}

/** The recovery stack asks for the connection; this one accepts it as soon as it can read of it. */
const peering = ({ peeringConnectionId }: RecoveryHandoff): Peering | undefined =>
  peeringConnectionId === undefined ? undefined : { kind: "accept", peeringConnectionId };

function declareSecret(
  config: PrimaryConfig,
  plan: PrimaryPlan,
  former: readonly string[],
  tags: Tags,
): ReplicatedSecret {
  const { service, region, accountId, secret, database } = config;
  const readerRoleArns = [region, ...secret.replicaRegions].map(
    (reader) => `arn:aws:iam::${accountId}:role/${ordersRoleName(service, reader)}`,
  );
  return new ReplicatedSecret("secret", {
    secretName: secretNameOf(config),
    region,
    replicaRegions: secret.replicaRegions,
    formerReplicaRegions: former,
    readerRoleArns,
    accountId,
    tags,
    ...(plan.firstDeployment && !("existing" in database)
      ? { firstValue: firstValue({ hostName: config.databaseHostName, ...database }) }
      : {}),
  });
}

const secretNameOf = ({ service, secret }: PrimaryConfig): string =>
  secret.name ?? databaseSecretName(service);

function declareDatabases(
  { service, database }: PrimaryConfig,
  { databases }: PrimaryPlan,
  around: {
    readonly network: NetworkPlace;
    readonly secret: ReplicatedSecret;
    readonly recovery: RecoveryHandoff;
    readonly tags: Tags;
  },
): DatabasePlace {
  const { network, secret, recovery, tags } = around;
  const password = secret.storedFirstValue?.apply(passwordOf);
  return declareGenerations(databases, ({ birth, ...planned }) => ({
    ...planned,
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
