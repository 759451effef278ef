import { type LocalCloud, workload } from "@standby/local-cloud";
import { callsByHand } from "@standby/local-cloud/testing";

/* What somebody else does, past the commands. */

export const rdsByHand = (
  cloud: LocalCloud,
  region: string,
  action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> => callsByHand(cloud, workload).rds(region, action, parameters);

const secretId = "orders-prod/database";

export const secretByHand = async (cloud: LocalCloud): Promise<string> => {
  const { SecretString } = await callsByHand(cloud, workload).json(
    "us-east-1",
    "secretsmanager",
    "GetSecretValue",
    { SecretId: secretId, VersionStage: "AWSCURRENT" },
  );
  return String(SecretString);
};

/** A new current version with the same fields, changed as told. */
export const changeSecretByHand = async (
  cloud: LocalCloud,
  changes: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const fields = JSON.parse(await secretByHand(cloud)) as object;
  await callsByHand(cloud, workload).json("us-east-1", "secretsmanager", "PutSecretValue", {
    SecretId: secretId,
    ClientRequestToken: crypto.randomUUID(),
    SecretString: JSON.stringify({ ...fields, ...changes }),
  });
};

/** The key of one Region's copy stops to work, or works again. */
export async function setKeyByHand(
  cloud: LocalCloud,
  region: string,
  action: "DisableKey" | "EnableKey",
): Promise<void> {
  const { KmsKeyId } = await callsByHand(cloud, workload).json(
    region,
    "secretsmanager",
    "DescribeSecret",
    {
      SecretId: secretId,
    },
  );
  await callsByHand(cloud, workload).json(region, "kms", action, { KeyId: KmsKeyId });
}
