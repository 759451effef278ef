import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { serviceTag } from "@standby/topology";
import type { SecretCopy } from "./secret-copies.ts";

/** A secret that exists under the name that this stack uses, as AWS shows it now. */
export interface FoundSecret {
  readonly arn: string;
  readonly name: string;
  /** ARN, id or alias of its key; empty for AWS's own. */
  readonly keyId: string;
  /** The service that made it with this program, if any. */
  readonly service: string | undefined;
  /** It is a copy of a secret in another Region, and takes no change here. */
  readonly isReplica: boolean;
  readonly copies: readonly SecretCopy[];
}

/** What Secrets Manager shows of the secret that this stack is about. */
export interface ObservedSecret {
  /** Not asked for when the stack has made its secret long ago. */
  readonly found: FoundSecret | undefined;
  /** Regions that are to get a copy and hold a secret of this name that is none. */
  readonly occupiedRegions: readonly string[];
}

export interface SecretQuestion {
  readonly region: string;
  readonly name: string;
  /** Whether the own Region's secret has to be looked at. */
  readonly lookAtSecret: boolean;
  /** Every Region that may hold the primary of a copy found here. */
  readonly replicaRegions: readonly string[];
  /** Regions that are to get their first copy. A Region that has one is not asked: it may be lost. */
  readonly newRegions: readonly string[];
}

/**
 * Asks for the names first: a look-up of a secret that does not exist ends the program. AWS's list may be five minutes old; a namesake
 * that it does not show yet is not overwritten either, and makes the copy fail.
 */
export async function observeSecret(question: SecretQuestion): Promise<ObservedSecret> {
  const { region, name, lookAtSecret, newRegions } = question;
  const exists = lookAtSecret && (await holds(name));
  const occupied = await Promise.all(
    newRegions.map(async (each) =>
      (await holds(name, { region: each })) &&
      !(await holds(name, { region: each, copiedFrom: [region] }))
        ? [each]
        : [],
    ),
  );
  return {
    found: exists ? await readSecret(question) : undefined,
    occupiedRegions: occupied.flat(),
  };
}

/** Whether a secret of this very name is there: the API finds by the beginning. One that is scheduled for deletion is not. */
async function holds(
  name: string,
  {
    region,
    copiedFrom,
  }: { readonly region?: string; readonly copiedFrom?: readonly string[] } = {},
): Promise<boolean> {
  const { names } = await aws.secretsmanager.getSecrets({
    filters: [
      { name: "name", values: [name] },
      ...(copiedFrom ? [{ name: "primary-region", values: [...copiedFrom] }] : []),
    ],
    ...(region === undefined ? {} : { region }),
  });
  return names.includes(name);
}

async function readSecret({ name, replicaRegions }: SecretQuestion): Promise<FoundSecret> {
  const { arn, kmsKeyId, tags } = await aws.secretsmanager.getSecret({ name });
  return {
    arn,
    name,
    keyId: kmsKeyId,
    service: tags[serviceTag],
    isReplica: await holds(name, { copiedFrom: replicaRegions }),
    copies: await readCopies("secret-found", arn),
  };
}

/**
 * The secret's replication status, which no data source tells. The engine reads the resource and never changes it; it knows a name
 * once in a run.
 */
export async function readCopies(
  name: string,
  arn: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions = {},
): Promise<readonly SecretCopy[]> {
  const seen = aws.secretsmanager.Secret.get(name, arn, undefined, options);
  const replicas = await settled(seen.replicas);
  return (replicas ?? []).map(({ region, kmsKeyId, status, statusMessage }) => ({
    region,
    keyId: kmsKeyId ?? "",
    status: status ?? "",
    message: statusMessage ?? "",
  }));
}

/**
 * The current value. It is no resource and reaches no state; the program looks at it and lets it go.
 *
 * @param secretId ARN of the secret.
 */
export const readValue = async (secretId: string): Promise<string> =>
  (await aws.secretsmanager.getSecretVersion({ secretId, versionStage: "AWSCURRENT" }))
    .secretString;

/** Never settles when an update that the value waits for fails: the engine ends the program then. */
export const settled = <Value>(output: pulumi.Output<Value>): Promise<Value> =>
  new Promise((resolve) => {
    output.apply((value) => resolve(value as Value));
  });
