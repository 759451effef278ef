import * as pulumi from "@pulumi/pulumi";
import {
  dnsSwitches,
  type RotationRulesOutput,
  rotationStrategies,
  type StackOutputs,
} from "@standby/topology";
import { z } from "zod";
import type { LastSecret } from "./decide-secret.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { KeyChoice } from "./secret-keys.ts";
import type { RecoveryConfig } from "./stack-config.ts";

/*
 * What one stack knows of the other. Values are awaited and reach resources as plain texts: a resource that depended on a stack
 * reference in one run and not in the next can break the integrity of the state.
 */

/** A stack's outputs while they are still being computed. */
export type StackExports = {
  readonly [Name in keyof StackOutputs]: pulumi.Input<StackOutputs[Name]>;
};

const databaseOutput = z.object({
  identifier: z.string(),
  arn: z.string(),
  address: z.string(),
  port: z.number(),
});

const rotation = z.object({
  strategy: z.enum(rotationStrategies),
  automaticallyAfterDays: z.number().exactOptional(),
  applicationUsername: z.string().exactOptional(),
});

const rotationRules = z.object({
  automaticallyAfterDays: z.number(),
  rotateImmediately: z.boolean(),
});

const primaryOutputs = z.object({
  role: z.literal("primary"),
  region: z.string(),
  service: z.string(),
  databaseHostName: z.string(),
  database: databaseOutput,
  secretArn: z.string(),
  functionName: z.string(),
  probeFunctionName: z.string().exactOptional(),
  adminSecretArn: z.string().exactOptional(),
  rotationFunctionName: z.string().exactOptional(),
  rotation: rotation.exactOptional(),
  zoneId: z.string(),
  vpcId: z.string(),
  vpcCidr: z.string(),
  encryptionKeyArns: z.record(z.string(), z.string()),
  databaseFenced: z.boolean().default(false),
});

export type PrimaryOutputs = z.output<typeof primaryOutputs>;

/** What the recovery stack is built on. */
export interface PrimaryHandoff {
  /** The primary stack's outputs, complete. */
  readonly primary: PrimaryOutputs;
  /** KMS key of the recovery stack's own Region. */
  readonly keyArn: string;
}

const recoveryOutputs = z.object({
  peeringConnectionId: z.string().optional(),
  recordRegion: z.string().optional(),
  databaseHostName: z.string().optional(),
  dnsSwitch: z.enum(dnsSwitches).optional(),
  databaseMode: z.enum(["replica", "standalone"]).optional(),
  databaseFenced: z.boolean().optional(),
  recoveryBucket: z.string().optional(),
  rotationRules: rotationRules.optional(),
  database: databaseOutput.optional(),
  primary: primaryOutputs.optional(),
});

/** The recovery stack's outputs: none before its first update. */
export type RecoveryHandoff = z.output<typeof recoveryOutputs>;

/** What the primary stack's own last update left. */
export interface LastPrimary {
  readonly database: string | undefined;
  readonly databaseAddress: string | undefined;
  readonly databaseFenced: boolean;
  readonly zoneId: string | undefined;
  readonly rotationRules: RotationRulesOutput | undefined;
  readonly secret: LastSecret;
}

const lastSecret = z.object({
  secretArn: z.string().optional(),
  secretAdoption: z.enum(["imported", "replicated"]).optional(),
  encryptionKeyArns: z.record(z.string(), z.string()).default({}),
  givenKeys: z.record(z.string(), z.custom<KeyChoice>()).default({}),
  keptKeyRegions: z.array(z.string()).default([]),
});

/**
 * Nothing before the first update.
 *
 * @throws pulumi.RunError for outputs of another form: to take them for none would lose a copy of the secret, or its key.
 */
export async function readLastPrimary(stack: string): Promise<LastPrimary> {
  const outputs = await readOutputs(stack, [
    "database",
    "databaseFenced",
    "zoneId",
    "rotationRules",
    ...Object.keys(lastSecret.shape),
  ]);
  const database = databaseOutput.safeParse(outputs["database"]).data;
  const secret = lastSecret.safeParse(outputs).data;
  if (!secret)
    return refuse([
      {
        key: "standby:secret",
        reason: "the last outputs of this stack are not those of this program's primary stack",
        next: `pulumi stack output --json -s ${stack}`,
      },
    ]);
  return {
    database: database?.identifier,
    databaseAddress: database?.address,
    databaseFenced: outputs["databaseFenced"] === true,
    zoneId: z.string().safeParse(outputs["zoneId"]).data,
    rotationRules: rotationRules.safeParse(outputs["rotationRules"]).data,
    secret: {
      arn: secret.secretArn,
      adoption: secret.secretAdoption,
      keyArns: secret.encryptionKeyArns,
      givenKeys: secret.givenKeys,
      keptKeyRegions: secret.keptKeyRegions,
    },
  };
}

/**
 * The recovery stack's outputs, read by either stack. A stack that was initialised and never updated has none.
 *
 * @throws pulumi.RunError for outputs of another form: to take them for none would close the way between the Regions.
 */
export async function readRecovery(stack: string): Promise<RecoveryHandoff> {
  const outputs = await readOutputs(stack, Object.keys(recoveryOutputs.shape));
  const result = recoveryOutputs.safeParse(outputs);
  if (result.success) return result.data;
  return refuse([
    {
      key: "standby:recoveryStack",
      reason: "the outputs of the recovery stack are not those of this program's recovery stack",
      next: `pulumi stack output --json -s ${stack}`,
    },
  ]);
}

/**
 * The primary stack's outputs for the recovery stack. While `failover` is on they are this stack's own copy of the last ones, so that
 * a failover needs neither the primary's state nor the Region that it may live in.
 *
 * @throws pulumi.RunError when there are none, or when the two stacks do not make a pair.
 */
export async function readPrimary(
  config: RecoveryConfig,
  last: RecoveryHandoff,
): Promise<PrimaryHandoff> {
  const primary = config.failover
    ? last.primary
    : primaryOutputs.safeParse(
        await readOutputs(config.primaryStack, Object.keys(primaryOutputs.shape)),
      ).data;
  if (!primary) return refuse([withoutPrimary(config)]);
  const refusals = pairRefusals(config, primary);
  const keyArn = primary.encryptionKeyArns[config.region];
  return keyArn === undefined || refusals.length > 0
    ? refuse([...refusals, ...(keyArn === undefined ? [withoutKey(config)] : [])])
    : { primary, keyArn };
}

const withoutPrimary = ({ failover, stack, primaryStack }: RecoveryConfig): Refusal =>
  failover
    ? {
        key: "standby:failover",
        reason: "this stack has no outputs of an earlier update to fail over with",
        next: `pulumi config set failover false -s ${stack} && pulumi up -s ${stack}`,
      }
    : {
        key: "standby:primaryStack",
        reason: "the primary stack has no complete outputs yet",
        next: `pulumi up -s ${primaryStack}`,
      };

function pairRefusals(config: RecoveryConfig, primary: PrimaryOutputs): readonly Refusal[] {
  const next = `edit Pulumi.${config.stack}.yaml, then pulumi preview -s ${config.stack}`;
  const refusals: Refusal[] = (["service", "databaseHostName"] as const)
    .filter((key) => primary[key] !== config[key])
    .map((key) => ({ key: `standby:${key}`, reason: "differs from the primary stack's", next }));
  if (primary.region === config.region)
    refusals.push({
      key: "aws:region",
      reason: "is the primary stack's Region: both would be lost together",
      next,
    });
  return refusals;
}

const withoutKey = ({ primaryStack }: RecoveryConfig): Refusal => ({
  key: "aws:region",
  reason:
    "is not in secret.replicaRegions of the primary stack: this Region has no copy of the secret",
  next: `edit Pulumi.${primaryStack}.yaml, then pulumi up -s ${primaryStack}`,
});

async function readOutputs(
  stack: string,
  names: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const path = `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
  const reference = new pulumi.StackReference(path);
  const entries = await Promise.all(
    names.map(async (name) => [name, (await reference.getOutputDetails(name)).value] as const),
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
