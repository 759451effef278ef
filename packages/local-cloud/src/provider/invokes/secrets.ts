import {
  type Filter,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  paginateListSecrets,
} from "@aws-sdk/client-secrets-manager";
import { during } from "../aws-call-error.ts";
import {
  flag,
  maps,
  number,
  type PropertyMap,
  requiredText,
  secret,
  text,
  texts,
} from "../property-values.ts";
import type { Scope } from "../resource-handler.ts";
import { tagMap } from "../tag-changes.ts";
import { findSecret, resourcePolicyOf } from "../types/secret-lookup.ts";

export const getSecret = async (args: PropertyMap, scope: Scope): Promise<PropertyMap> => {
  const id = text(args, "arn") ?? text(args, "name");
  if (id === undefined) throw new Error("one of `arn,name` must be specified");
  const activity = `reading Secrets Manager Secret (${id})`;
  const found = await findSecret(id, scope).catch((error: unknown) => {
    throw during(activity, error);
  });
  if (!found) throw new Error(`${activity}: couldn't find resource`);
  return {
    arn: found.ARN,
    createdDate: found.CreatedDate?.toISOString() ?? "",
    description: found.Description ?? "",
    id: found.ARN,
    kmsKeyId: found.KmsKeyId ?? "",
    lastChangedDate: found.LastChangedDate?.toISOString() ?? "",
    name: found.Name,
    policy: (await resourcePolicyOf(found.ARN ?? id, scope)) ?? "",
    region: scope.region,
    tags: tagMap(found.Tags),
  };
};

/** None is an empty list, never an error. The two lists are sets: they say nothing of each other's order. */
export const getSecrets = async (args: PropertyMap, scope: Scope): Promise<PropertyMap> => {
  const filters = maps(args, "filters").map((filter) => ({
    Key: requiredText(filter, "name") as Filter["Key"],
    Values: [...texts(filter, "values")],
  }));
  const input = filters.length > 0 ? { Filters: filters } : {};
  const found: { readonly arn: string; readonly name: string }[] = [];
  try {
    const pages = paginateListSecrets({ client: scope.aws.secretsManager }, input, {
      abortSignal: scope.signal,
    });
    for await (const { SecretList = [] } of pages)
      found.push(...SecretList.map(({ ARN = "", Name = "" }) => ({ arn: ARN, name: Name })));
  } catch (error) {
    throw during("reading Secrets Manager Secrets", error);
  }
  return {
    ...(args["filters"] === undefined ? {} : { filters: args["filters"] }),
    arns: found.map(({ arn }) => arn).sort(),
    id: scope.region,
    names: found.map(({ name }) => name).sort(),
    region: scope.region,
  };
};

export const getSecretVersion = async (args: PropertyMap, scope: Scope): Promise<PropertyMap> => {
  const secretId = requiredText(args, "secretId");
  const versionId = text(args, "versionId");
  const stage = text(args, "versionStage") ?? "AWSCURRENT";
  const command = new GetSecretValueCommand({
    SecretId: secretId,
    ...(versionId ? { VersionId: versionId } : { VersionStage: stage }),
  });
  try {
    const value = await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
    const binary = value.SecretBinary ? Buffer.from(value.SecretBinary).toString("base64") : "";
    return {
      arn: value.ARN,
      createdDate: value.CreatedDate?.toISOString() ?? "",
      id: `${secretId}|${versionId ?? stage}`,
      region: scope.region,
      secretArn: value.ARN,
      secretBinary: secret(binary),
      secretId,
      secretString: secret(value.SecretString ?? ""),
      versionId: value.VersionId,
      versionStage: stage,
      versionStages: value.VersionStages ?? [],
    };
  } catch (error) {
    throw during(`reading Secrets Manager Secret Version (${secretId})`, error);
  }
};

/** A new one on every invoke. */
export const getRandomPassword = async (args: PropertyMap, scope: Scope): Promise<PropertyMap> => {
  const command = new GetRandomPasswordCommand({
    ExcludeCharacters: text(args, "excludeCharacters"),
    ExcludeLowercase: flag(args, "excludeLowercase"),
    ExcludeNumbers: flag(args, "excludeNumbers"),
    ExcludePunctuation: flag(args, "excludePunctuation"),
    ExcludeUppercase: flag(args, "excludeUppercase"),
    IncludeSpace: flag(args, "includeSpace"),
    PasswordLength: number(args, "passwordLength") ?? 32,
    RequireEachIncludedType: flag(args, "requireEachIncludedType"),
  });
  try {
    const answer = await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
    return {
      ...args,
      id: scope.region,
      randomPassword: secret(answer.RandomPassword ?? ""),
      region: scope.region,
    };
  } catch (error) {
    throw during("reading Secrets Manager Random Password", error);
  }
};
