import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Dials } from "../../src/dials.ts";
import type { FunctionUse } from "../../src/function-use.ts";
import { createKms } from "../../src/kms/kms.ts";
import {
  createSecretsManager,
  type SecretsManager,
} from "../../src/secrets-manager/secrets-manager.ts";
import {
  east,
  eventually,
  quickDials,
  startTestCloud,
  type TestCloud,
  west,
} from "../aws-fixture.ts";
import { noFunctions } from "../function-use.fixture.ts";

export interface SecretsCloud extends TestCloud {
  readonly east: SecretsManagerClient;
  readonly west: SecretsManagerClient;
  readonly kms: Readonly<Record<string, KMSClient>>;
  newKey(region: string): Promise<string>;
  close(): Promise<void>;
}

export async function startSecretsCloud(
  functions: FunctionUse = noFunctions,
  dials: Partial<Dials> = {},
): Promise<SecretsCloud> {
  const services: SecretsManager[] = [];
  const cloud = await startTestCloud(({ outages }) => {
    const kms = createKms();
    const secrets = createSecretsManager({
      dials: { ...quickDials, ...dials },
      outages,
      keys: kms.keys,
      functions,
    });
    services.push(secrets);
    return [kms, secrets];
  });
  const kms: Readonly<Record<string, KMSClient>> = {
    [east]: new KMSClient(cloud.clientOptions(east)),
    [west]: new KMSClient(cloud.clientOptions(west)),
  };
  return {
    ...cloud,
    east: new SecretsManagerClient(cloud.clientOptions(east)),
    west: new SecretsManagerClient(cloud.clientOptions(west)),
    kms,
    newKey: async (region) =>
      (await kms[region]?.send(new CreateKeyCommand()))?.KeyMetadata?.Arn ?? "",
    close: async () => {
      await cloud.endpoint.close();
      await Promise.all(services.map((service) => service.close()));
    },
  };
}

export const describeSecret = (
  client: SecretsManagerClient,
  SecretId: string,
): Promise<DescribeSecretResponse> => client.send(new DescribeSecretCommand({ SecretId }));

/** Waits until the primary secret says the status of its one replica. */
export const untilReplica = (
  client: SecretsManagerClient,
  secretId: string,
  status: string,
): Promise<DescribeSecretResponse> =>
  eventually(
    () => describeSecret(client, secretId),
    (secret) => secret.ReplicationStatus?.[0]?.Status === status,
  );
