import { randomUUID } from "node:crypto";
import {
  GetSecretValueCommand,
  type GetSecretValueResponse,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  type SecretVersionsListEntry,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { during, hasCode, hasCodeAndText } from "../aws-call-error.ts";
import { type PropertyMap, requiredText, text, texts } from "../property-values.ts";
import type { ResourceHandler, Scope, Update } from "../resource-handler.ts";
import { propagationSeconds, untilState } from "../waiting.ts";

interface VersionId {
  readonly secretId: string;
  readonly versionId: string;
}

const splitId = (id: string): VersionId => {
  const [secretId = "", versionId = ""] = id.split("|");
  return { secretId, versionId };
};

const gone = (error: unknown): boolean =>
  hasCode(error, "ResourceNotFound") ||
  hasCodeAndText(error, "InvalidRequest", "was deleted") ||
  hasCodeAndText(error, "InvalidRequest", "marked for deletion");

const writeOnly = (properties: PropertyMap): boolean => {
  const version = properties["secretStringWoVersion"];
  return properties["hasSecretStringWo"] === true || (version !== undefined && version !== null);
};

const allVersions = async (secretId: string, scope: Scope): Promise<SecretVersionsListEntry[]> => {
  const versions: SecretVersionsListEntry[] = [];
  let NextToken: string | undefined;
  do {
    const command = new ListSecretVersionIdsCommand({
      SecretId: secretId,
      IncludeDeprecated: true,
      NextToken,
    });
    const page = await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
    versions.push(...(page.Versions ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return versions;
};

const valueOfVersion = async (
  { secretId, versionId }: VersionId,
  scope: Scope,
): Promise<GetSecretValueResponse | undefined> => {
  try {
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionId: versionId });
    return await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
  } catch (error) {
    if (gone(error)) return undefined;
    throw error;
  }
};

/** A value that the state must never hold is looked after by its labels alone, without asking for the value. */
const labelsOf = async (
  id: VersionId,
  properties: PropertyMap,
  scope: Scope,
): Promise<string[] | undefined> => {
  if (!writeOnly(properties)) return (await valueOfVersion(id, scope))?.VersionStages;
  try {
    const versions = await allVersions(id.secretId, scope);
    return versions.find(({ VersionId }) => VersionId === id.versionId)?.VersionStages;
  } catch (error) {
    if (gone(error)) return undefined;
    throw error;
  }
};

const create: ResourceHandler["create"] = async (inputs, scope, created) => {
  const secretId = requiredText(inputs, "secretId");
  const value = text(inputs, "secretString") ?? text(inputs, "secretStringWo");
  const binary = text(inputs, "secretBinary");
  const stages = texts(inputs, "versionStages");
  const command = new PutSecretValueCommand({
    ClientRequestToken: randomUUID(),
    SecretId: secretId,
    ...(value === undefined ? {} : { SecretString: value }),
    ...(binary === undefined ? {} : { SecretBinary: Buffer.from(binary, "base64") }),
    ...(stages.length > 0 ? { VersionStages: stages } : {}),
  });
  try {
    const answer = await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
    const id = { secretId, versionId: answer.VersionId ?? "" };
    created(`${secretId}|${id.versionId}`);
    await untilState(
      {
        look: async () => ((await labelsOf(id, inputs, scope))?.length ? "found" : undefined),
        targets: ["found"],
        waiter: { firstSeconds: 0, intervalSeconds: 0.5, consecutive: 1 },
        timeoutSeconds: propagationSeconds,
      },
      scope,
    );
  } catch (error) {
    throw during(`creating Secrets Manager Secret Version (${secretId})`, error);
  }
};

const read: ResourceHandler["read"] = async (id, state, scope) => {
  const named = splitId(id);
  const common = { secretId: named.secretId, versionId: named.versionId };
  try {
    if (writeOnly(state)) {
      const stages = await labelsOf(named, state, scope);
      if (!stages) return undefined;
      const withoutValue = { secretString: undefined, secretBinary: undefined };
      const arns = { arn: named.secretId, secretArn: named.secretId };
      return {
        ...common,
        ...arns,
        ...withoutValue,
        hasSecretStringWo: true,
        versionStages: stages,
      };
    }
    const value = await valueOfVersion(named, scope);
    if (!value) return undefined;
    return {
      ...common,
      arn: value.ARN,
      secretArn: value.ARN,
      hasSecretStringWo: false,
      secretString: value.SecretString ?? "",
      secretBinary: value.SecretBinary
        ? Buffer.from(value.SecretBinary).toString("base64")
        : undefined,
      versionStages: value.VersionStages ?? [],
    };
  } catch (error) {
    throw during(`reading Secrets Manager Secret Version (${id})`, error);
  }
};

const current = "AWSCURRENT";

const moveStage = async (
  { secretId, versionId }: VersionId,
  stage: string,
  scope: Scope,
): Promise<void> => {
  const holder =
    stage === current
      ? (await allVersions(secretId, scope)).find((each) => each.VersionStages?.includes(current))
      : undefined;
  const command = new UpdateSecretVersionStageCommand({
    SecretId: secretId,
    VersionStage: stage,
    MoveToVersionId: versionId,
    ...(holder?.VersionId ? { RemoveFromVersionId: holder.VersionId } : {}),
  });
  await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
};

const removeStage = ({ secretId, versionId }: VersionId, stage: string, scope: Scope) => {
  const command = new UpdateSecretVersionStageCommand({
    SecretId: secretId,
    VersionStage: stage,
    RemoveFromVersionId: versionId,
  });
  return scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
};

/** Only labels can change. AWSCURRENT never leaves by itself: it moves when another version takes it. */
const update: ResourceHandler["update"] = async (request: Update, scope) => {
  const { id, state, planned, changed } = request;
  if (!changed.has("versionStages")) return;
  const named = splitId(id);
  const [old, wanted] = [texts(state, "versionStages"), texts(planned, "versionStages")];
  const added = wanted.filter((stage) => !old.includes(stage));
  const removed = old.filter((stage) => !wanted.includes(stage) && stage !== current);
  try {
    for (const stage of added) await moveStage(named, stage, scope);
    for (const stage of removed) {
      if (stage === "AWSPREVIOUS" && added.includes(current)) continue;
      await removeStage(named, stage, scope);
    }
  } catch (error) {
    throw during(`updating Secrets Manager Secret Version (${id})`, error);
  }
};

const leftBehind = (stages: readonly string[] | undefined): boolean =>
  !stages || stages.every((stage) => stage === current || stage === "AWSPREVIOUS");

/** The value itself stays: AWS forgets a version when it has no label left. */
const remove: ResourceHandler["delete"] = async (id, state, scope) => {
  const named = splitId(id);
  try {
    for (const stage of texts(state, "versionStages")) {
      if (stage !== current) await removeStage(named, stage, scope);
    }
  } catch (error) {
    if (gone(error)) return;
    throw during(`deleting Secrets Manager Secret Version (${id})`, error);
  }
  await untilState(
    {
      look: async () => (leftBehind(await labelsOf(named, state, scope)) ? undefined : "labelled"),
      targets: [undefined],
      waiter: { firstSeconds: 0, intervalSeconds: 0.5, consecutive: 1 },
      timeoutSeconds: propagationSeconds,
    },
    scope,
  );
};

export const secretVersion: ResourceHandler = { create, read, update, delete: remove };
