import type {
  DescribeSecretRequest,
  DescribeSecretResponse,
  Filter,
  ListSecretsRequest,
  ListSecretsResponse,
  SecretListEntry,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { tagListOf } from "../tag-map.ts";
import type { SecretsContext } from "./context.ts";
import { replicationStatusOf } from "./replication-status.ts";
import { defaultKeyAlias, type Secret } from "./secret.ts";

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
  PrimaryRegion: secret.primaryRegion ?? (secret.replicas.size > 0 ? secret.region : undefined),
});

const entryOf = (secret: Secret): SecretListEntry => ({
  ...commonPart(secret),
  SecretVersionsToStages: labelledVersions(secret),
});

/** A leading `!` negates; names are compared by prefix. */
function matches(secret: Secret, { Key, Values = [] }: Filter): boolean {
  const texts =
    Key === "name" || Key === "all"
      ? [secret.name]
      : Key === "description"
        ? [secret.description ?? ""]
        : Key === "tag-key"
          ? [...secret.tags.keys()]
          : Key === "tag-value"
            ? [...secret.tags.values()]
            : Key === "primary-region"
              ? [commonPart(secret).PrimaryRegion ?? ""]
              : undefined;
  if (!texts)
    throw new AwsError("NotModelled", `NotModelled: SecretsManager.ListSecrets by ${Key}`, 501);
  return Values.some((value) =>
    value.startsWith("!")
      ? !texts.some((text) => text.startsWith(value.slice(1)))
      : texts.some((text) => text.startsWith(value)),
  );
}

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

  ListSecrets: operation<ListSecretsRequest, ListSecretsResponse>((input, { region }) => ({
    SecretList: [...secrets.store.in(region).values()]
      .filter((secret) => secret.deletedAt === undefined || input.IncludePlannedDeletion === true)
      .filter((secret) => (input.Filters ?? []).every((filter) => matches(secret, filter)))
      .map(entryOf),
  })),
});
