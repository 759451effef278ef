import type {
  GetSecretValueRequest,
  GetSecretValueResponse,
  ListSecretVersionIdsRequest,
  ListSecretVersionIdsResponse,
  PutSecretValueRequest,
  PutSecretValueResponse,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../operation.ts";
import { pageOf } from "../page.ts";
import type { Operation } from "../service.ts";
import { addVersion, readValue } from "./add-version.ts";
import { batchValueOperation } from "./batch-values.ts";
import { markChanged, type SecretsContext } from "./context.ts";
import { requireDecryption, requireEncryption } from "./encryption.ts";
import { invalidToken, limitOf } from "./paging.ts";
import {
  invalidParameter,
  invalidRequest,
  isEmpty,
  notFound,
  type Secret,
  type SecretVersion,
} from "./secret.ts";
import { current, holderOf } from "./staging-labels.ts";

const mostVersions = 100;

function versionOf(secret: Secret, input: GetSecretValueRequest): SecretVersion {
  const { VersionId, VersionStage } = input;
  if (VersionId === undefined) {
    const stage = VersionStage ?? current;
    const version = holderOf(secret, stage);
    if (!version || isEmpty(version.value))
      throw notFound(
        `Secrets Manager can't find the specified secret value for staging label: ${stage}`,
      );
    return version;
  }
  const version = secret.versions.get(VersionId);
  if (!version || isEmpty(version.value))
    throw notFound(
      `Secrets Manager can't find the specified secret value for VersionId: ${VersionId}`,
    );
  if (VersionStage !== undefined && !version.stages.has(VersionStage))
    throw invalidRequest(
      "You provided a VersionStage that is not associated to the provided VersionId.",
    );
  return version;
}

/** AWS tells the day of the last access, not the time. */
const today = (): Date => new Date(new Date().setUTCHours(0, 0, 0, 0));

function readVersion(
  secrets: SecretsContext,
  input: GetSecretValueRequest,
  region: string,
): GetSecretValueResponse {
  const secret = secrets.store.live(region, input.SecretId);
  const version = versionOf(secret, input);
  requireDecryption(secrets.keys, secret);
  secret.accessedAt = today();
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.value.text,
    SecretBinary: version.value.bytes,
    VersionStages: [...version.stages],
    CreatedDate: version.createdAt,
  };
}

/** The values of a secret and their versions. */
export const valueOperations = (secrets: SecretsContext): Readonly<Record<string, Operation>> => ({
  GetSecretValue: operation<GetSecretValueRequest, GetSecretValueResponse>((input, { region }) =>
    readVersion(secrets, input, region),
  ),

  ...batchValueOperation(secrets, (SecretId, { region }) =>
    readVersion(secrets, { SecretId }, region),
  ),

  PutSecretValue: operation<PutSecretValueRequest, PutSecretValueResponse>((input, { region }) => {
    const secret = secrets.store.changeable(region, input.SecretId);
    const value = readValue(input);
    if (!value) throw invalidRequest("You must provide either SecretString or SecretBinary.");
    if (input.VersionStages?.length === 0)
      throw invalidParameter("VersionStages must have at least one staging label.");
    requireEncryption(secrets.keys, region, secret.kmsKeyId);
    const version = addVersion(secret, value, input.ClientRequestToken, input.VersionStages);
    markChanged(secrets, secret);
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      VersionStages: [...version.stages],
    };
  }),

  ListSecretVersionIds: operation<ListSecretVersionIdsRequest, ListSecretVersionIdsResponse>(
    (input, { region }) => {
      const secret = secrets.store.get(region, input.SecretId);
      const versions = [...secret.versions.values()].filter(
        (version) => input.IncludeDeprecated === true || version.stages.size > 0,
      );
      const limit = limitOf(input.MaxResults, mostVersions);
      const page = pageOf(versions, { limit, token: input.NextToken, invalidToken });
      return {
        ARN: secret.arn,
        Name: secret.name,
        NextToken: page.nextToken,
        Versions: page.items.map((version) => ({
          VersionId: version.id,
          VersionStages: [...version.stages],
          CreatedDate: version.createdAt,
          KmsKeyIds: [secret.kmsKeyId ?? "DefaultEncryptionKey"],
        })),
      };
    },
  ),
});
