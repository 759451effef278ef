import type {
  DescribeSecretRequest,
  DescribeSecretResponse,
  ListSecretsRequest,
  ListSecretsResponse,
  SecretListEntry,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../operation.ts";
import { pageOf } from "../page.ts";
import type { Operation } from "../service.ts";
import { tagListOf } from "../tag-map.ts";
import type { SecretsContext } from "./context.ts";
import { invalidToken, limitOf } from "./paging.ts";
import { replicationStatusOf } from "./replication-status.ts";
import { defaultKeyAlias, type Secret } from "./secret.ts";
import { primaryRegionOf, secretFilter, secretOrder } from "./secret-filters.ts";

const mostSecrets = 100;

const labelledVersions = (secret: Secret): Record<string, string[]> =>
  Object.fromEntries(
    [...secret.versions.values()]
      .filter((version) => version.stages.size > 0)
      .map((version) => [version.id, [...version.stages]]),
  );

const commonPart = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  Description: secret.description,
  // The default key is not told.
  KmsKeyId: secret.kmsKeyId === defaultKeyAlias ? undefined : secret.kmsKeyId,
  LastChangedDate: secret.changedAt,
  LastAccessedDate: secret.accessedAt,
  DeletedDate: secret.deletedAt,
  CreatedDate: secret.createdAt,
  Tags: tagListOf(secret.tags),
  PrimaryRegion: primaryRegionOf(secret),
  RotationEnabled: secret.rotation?.isEnabled,
  RotationLambdaARN: secret.rotation?.functionArn,
  RotationRules: secret.rotation?.rules,
  LastRotatedDate: secret.rotation?.rotatedAt,
  NextRotationDate: secret.rotation?.nextAt,
});

const entryOf = (secret: Secret): SecretListEntry => ({
  ...commonPart(secret),
  SecretVersionsToStages: labelledVersions(secret),
});

export const describeOperations = (
  secrets: SecretsContext,
): Readonly<Record<string, Operation>> => ({
  DescribeSecret: operation<DescribeSecretRequest, DescribeSecretResponse>((input, { region }) => {
    const secret = secrets.store.get(region, input.SecretId);
    return {
      ...commonPart(secret),
      VersionIdsToStages: secret.versions.size > 0 ? labelledVersions(secret) : undefined,
      ReplicationStatus: replicationStatusOf(secret),
    };
  }),

  ListSecrets: operation<ListSecretsRequest, ListSecretsResponse>((input, { region }) => {
    const found = [...secrets.store.in(region).values()]
      .filter((secret) => secret.deletedAt === undefined || input.IncludePlannedDeletion === true)
      .filter(secretFilter(input.Filters))
      .sort(secretOrder(input.SortBy, input.SortOrder));
    const limit = limitOf(input.MaxResults, mostSecrets);
    const page = pageOf(found, { limit, token: input.NextToken, invalidToken });
    return { SecretList: page.items.map(entryOf), NextToken: page.nextToken };
  }),
});
