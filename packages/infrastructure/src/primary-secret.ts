import * as pulumi from "@pulumi/pulumi";
import { adminSecretName, ordersRoleName, rotationRoleName } from "@standby/topology";
import { adoptedHostProblem, adoptedValueRefusals } from "./adopted-value.ts";
import { AdminSecret } from "./components/admin-secret.ts";
import { proveCopies } from "./components/replicated-copies.ts";
import { ReplicatedSecret } from "./components/replicated-secret.ts";
import type { Notice } from "./decide.ts";
import {
  decideSecret,
  type LastSecret,
  type SecretPlan,
  secretNameIn,
  whatToLookAt,
} from "./decide-secret.ts";
import { firstValue, passwordOf } from "./first-value.ts";
import type { StackExports } from "./handoff.ts";
import { observeSecret, readValue } from "./observe-secret.ts";
import type { Refusal } from "./refusal.ts";
import type { PrimaryConfig, Tags } from "./stack-config.ts";

/** What the primary stack knows when it has looked at the secret. */
export interface PlannedSecret {
  readonly plan: SecretPlan;
  readonly notices: readonly Notice[];
  /** Password of a database that is to be created with an adopted secret. */
  readonly password?: pulumi.Output<string>;
}

/** A database that is created by this update and gets its password from the secret. */
interface NewDatabase {
  readonly username: string;
  readonly databaseName: string;
}

/** None where the service's databases were made before, by this program or by somebody else. */
export const databaseToCreate = (
  { database }: PrimaryConfig,
  { firstDeployment }: { readonly firstDeployment: boolean },
): NewDatabase | undefined => (firstDeployment && "username" in database ? database : undefined);

interface Surroundings {
  readonly last: LastSecret;
  readonly newDatabase: NewDatabase | undefined;
  /** Regions with databases of the service. */
  readonly databaseRegions: readonly string[];
}

/** Looks at the secret and decides; declares nothing. */
export async function planSecret(
  config: PrimaryConfig,
  { last, newDatabase, databaseRegions }: Surroundings,
): Promise<PlannedSecret | { readonly refusals: readonly Refusal[] }> {
  const look = whatToLookAt({ ...config, last });
  const { replicaRegions } = config.secret;
  const question = { region: config.region, name: secretNameIn(config), replicaRegions, ...look };
  const observed = await observeSecret(question);
  const decision = decideSecret({ ...config, last, observed, databaseRegions });
  if ("refusals" in decision) return decision;
  const { plan } = decision;
  const isMoved = last.adoption !== "replicated" || look.newRegions.length > 0;
  if (!plan.adopted || !(isMoved || newDatabase)) return { plan, notices: plan.notices };
  const value = await readValue(plan.adopted.arn);
  return judgeValue(config, plan, { value, arn: plan.adopted.arn, newDatabase });
}

/** An import copies nothing: a wrong host stops the replication, and is only told before. */
function judgeValue(
  config: PrimaryConfig,
  plan: SecretPlan,
  adopted: {
    readonly value: string;
    readonly arn: string;
    readonly newDatabase: NewDatabase | undefined;
  },
): PlannedSecret | { readonly refusals: readonly Refusal[] } {
  const { value, arn, newDatabase } = adopted;
  const facts = {
    ...config,
    arn,
    ...(newDatabase ? { newUser: newDatabase.username } : {}),
  };
  const refusals = adoptedValueRefusals(facts, value);
  const host = adoptedHostProblem(facts, value);
  if (host && plan.replicate) return { refusals: [...refusals, host] };
  if (refusals.length > 0) return { refusals };
  return {
    plan,
    notices: [
      ...plan.notices,
      ...(host ? [{ message: `${host.key} ${host.reason}`, next: host.next }] : []),
    ],
    ...(newDatabase ? { password: pulumi.secret(passwordOf(value)) } : {}),
  };
}

/** The secret with its keys and copies. */
export function declareSecret(
  { service, region, accountId, secret, databaseHostName }: PrimaryConfig,
  { plan }: PlannedSecret,
  newDatabase: NewDatabase | undefined,
  tags: Tags,
): ReplicatedSecret {
  const readerRoleArns = [region, ...secret.replicaRegions].map(
    (reader) => `arn:aws:iam::${accountId}:role/${ordersRoleName(service, reader)}`,
  );
  return new ReplicatedSecret("secret", {
    secretName: plan.name,
    region,
    replicaRegions: secret.replicaRegions,
    keys: plan.keys,
    keptKeyRegions: plan.keptKeyRegions,
    origin: plan.adopted
      ? { kind: "adopted", arn: plan.adopted.arn, replicate: plan.replicate }
      : {
          kind: "made",
          readerRoleArns,
          accountId,
          ...(newDatabase
            ? { firstValue: firstValue({ hostName: databaseHostName, ...newDatabase }) }
            : {}),
        },
    tags,
  });
}

/** The admin secret with its copies, where the application is not to have the master user. */
export function declareAdminSecret(
  { service, region, accountId, secret: { admin, replicaRegions } }: PrimaryConfig,
  { keyArns }: ReplicatedSecret,
  tags: Tags,
): AdminSecret | undefined {
  if (!admin) return undefined;
  return new AdminSecret("admin-secret", {
    secretName: adminSecretName(service),
    region,
    replicaRegions,
    keyArns,
    readerRoleArns: [region, ...replicaRegions].map(
      (reader) => `arn:aws:iam::${accountId}:role/${rotationRoleName(service, reader)}`,
    ),
    accountId,
    tags,
  });
}

/** What a reader of the own Region's secret must be able to decrypt with. An alias is no resource of a policy: any key of the account. */
export function readerKeyArn(
  { region, accountId }: PrimaryConfig,
  { plan }: PlannedSecret,
  secret: ReplicatedSecret,
): pulumi.Input<string> {
  const keyId = plan.adopted?.keyId;
  if (!keyId) return secret.keyArn;
  if (keyId.includes(":key/")) return keyId;
  const id = keyId.includes("alias/") ? "*" : keyId;
  return `arn:aws:kms:${region}:${accountId}:key/${id}`;
}

/** Waits for the copies, after everything else. */
export const awaitCopies = (
  { stack, region, secret: { replicaRegions } }: PrimaryConfig,
  { plan }: PlannedSecret,
  secret: ReplicatedSecret,
  after: readonly (pulumi.Resource | undefined)[],
): Promise<void> =>
  proveCopies(
    "secret-copies",
    {
      stack,
      region,
      arn: secret.arn,
      name: plan.name,
      replicaRegions: plan.replicate ? replicaRegions : [],
    },
    { parent: secret, after: [secret, ...after.filter((each) => each !== undefined)] },
  );

/** What the next update has to know of the secret. */
export const secretOutputs = (
  { secret: { keys } }: PrimaryConfig,
  { plan }: PlannedSecret,
  secret: ReplicatedSecret,
): Pick<
  StackExports,
  "secretArn" | "encryptionKeyArns" | "givenKeys" | "keptKeyRegions" | "secretAdoption"
> => ({
  secretArn: secret.arn,
  encryptionKeyArns: pulumi.all(secret.keyArns),
  ...(Object.keys(keys).length > 0 ? { givenKeys: keys } : {}),
  ...(plan.keptKeyRegions.length > 0 ? { keptKeyRegions: [...plan.keptKeyRegions] } : {}),
  ...(plan.adopted ? { secretAdoption: plan.replicate ? "replicated" : "imported" } : {}),
});
