import * as pulumi from "@pulumi/pulumi";
import { databaseSecretName, ordersRoleName, serviceTag } from "@standby/topology";
import { PrivateZone } from "./components/private-zone.ts";
import { RegionalDatabase } from "./components/regional-database.ts";
import type { NetworkPlace, Peering } from "./components/regional-network.ts";
import { ReplicatedSecret } from "./components/replicated-secret.ts";
import { accountRefusals, decidePrimary, type PrimaryPlan } from "./decide.ts";
import { firstValue, passwordOf } from "./first-value.ts";
import { bundleRefusals } from "./function-bundle.ts";
import {
  type RecoveryHandoff,
  readLastDatabase,
  readRecovery,
  type StackExports,
} from "./handoff.ts";
import { networkPlace } from "./network-place.ts";
import { observeAccount, observeDatabases } from "./observe.ts";
import { ordersFunction } from "./orders-function.ts";
import { refuse, refuseAny } from "./refusal.ts";
import type { PrimaryConfig, Tags } from "./stack-config.ts";

/**
 * The stack of the primary Region, where writes go in normal times: the zone, the secret with its copies, the source database.
 *
 * @throws pulumi.RunError before the first resource when something must not be declared.
 */
export async function primaryStack(config: PrimaryConfig): Promise<StackExports> {
  refuseAny(accountRefusals(config, await observeAccount()), bundleRefusals(config.stack));
  const observed = await observeDatabases(config.service);
  const lastDatabase = await readLastDatabase(config.stack);
  const recovery = await readRecovery(config.recoveryStack);
  const decision = decidePrimary({
    ...config,
    configured: config.database,
    observed,
    lastDatabase,
  });
  return "plan" in decision ? declare(config, decision.plan, recovery) : refuse(decision.refusals);
}

function declare(
  config: PrimaryConfig,
  plan: PrimaryPlan,
  recovery: RecoveryHandoff,
): StackExports {
  const { service, region } = config;
  const tags = { [serviceTag]: service };
  const network = networkPlace(config, tags, peering(recovery));
  const zoneId = declareZone(config, network, tags);
  const secret = declareSecret(config, plan, tags);
  const database = declareDatabase(config, plan, { network, secret, recovery, tags });
  const orders = ordersFunction(config, {
    secretArn: secret.arn,
    keyArn: secret.keyArn,
    databaseAddresses: [database.address, recovery.database?.address],
    network,
    tags,
  });
  return {
    role: "primary",
    region,
    service,
    databaseHostName: config.databaseHostName,
    database: database.output,
    secretArn: secret.arn,
    functionName: orders.functionName,
    zoneId,
    vpcId: network.vpcId,
    vpcCidr: network.cidr,
    encryptionKeyArns: pulumi.all(secret.keyArns),
  };
}

/** The recovery stack asks for the connection; this one accepts it as soon as it can read of it. */
const peering = ({ peeringConnectionId }: RecoveryHandoff): Peering | undefined =>
  peeringConnectionId === undefined ? undefined : { kind: "accept", peeringConnectionId };

function declareZone(
  { zone, region }: PrimaryConfig,
  network: NetworkPlace,
  tags: Tags,
): pulumi.Input<string> {
  if ("existing" in zone) return zone.existing.zoneId;
  return new PrivateZone("zone", { zoneName: zone.name, vpcId: network.vpcId, region, tags })
    .zoneId;
}

function declareSecret(config: PrimaryConfig, plan: PrimaryPlan, tags: Tags): ReplicatedSecret {
  const { service, region, accountId, secret, database } = config;
  const readerRoleArns = [region, ...secret.replicaRegions].map(
    (reader) => `arn:aws:iam::${accountId}:role/${ordersRoleName(service, reader)}`,
  );
  return new ReplicatedSecret("secret", {
    secretName: secret.name ?? databaseSecretName(service),
    region,
    replicaRegions: secret.replicaRegions,
    readerRoleArns,
    accountId,
    tags,
    ...(plan.firstDeployment
      ? { firstValue: firstValue({ hostName: config.databaseHostName, ...database }) }
      : {}),
  });
}

function declareDatabase(
  { service, database }: PrimaryConfig,
  { generation }: PrimaryPlan,
  around: {
    readonly network: NetworkPlace;
    readonly secret: ReplicatedSecret;
    readonly recovery: RecoveryHandoff;
    readonly tags: Tags;
  },
): RegionalDatabase {
  const { network, secret, recovery, tags } = around;
  const password = secret.storedFirstValue?.apply(passwordOf);
  return new RegionalDatabase(`database-${generation}`, {
    service,
    generation,
    origin: { kind: "created", ...database, ...(password ? { password } : {}) },
    instanceClass: database.instanceClass,
    engineVersion: database.engineVersion,
    backupRetentionDays: database.backupRetentionDays,
    keyArn: secret.keyArn,
    vpcId: network.vpcId,
    subnetIds: network.subnetIds,
    clientCidrs: {
      "own-network": network.cidr,
      // Opened when the recovery stack exists: until then the block may be anybody's.
      ...(recovery.recordRegion === undefined ? {} : { "peer-network": network.peerCidr }),
    },
    tags,
  });
}
