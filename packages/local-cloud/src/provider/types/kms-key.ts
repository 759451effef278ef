import {
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KeyMetadata,
  type KeySpec,
  type KeyUsageType,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import { during, hasCode } from "../aws-call-error.ts";
import { equivalentJson } from "../equality.ts";
import { flag, number, type PropertyMap, requiredText, text, textMap } from "../property-values.ts";
import type { ResourceHandler, Scope, Update } from "../resource-handler.ts";
import { tagChanges } from "../tag-changes.ts";
import { retrying, untilState } from "../waiting.ts";

const kmsTags = (tags: Record<string, string>) =>
  Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));

const setRotation = async (id: string, properties: PropertyMap, scope: Scope): Promise<void> => {
  const options = { abortSignal: scope.signal };
  if (!flag(properties, "enableKeyRotation")) {
    await scope.aws.kms.send(new DisableKeyRotationCommand({ KeyId: id }), options);
    return;
  }
  const days = number(properties, "rotationPeriodInDays");
  const command = new EnableKeyRotationCommand({
    KeyId: id,
    ...(days ? { RotationPeriodInDays: days } : {}),
  });
  await scope.aws.kms.send(command, options);
};

const setEnabled = (id: string, enabled: boolean, scope: Scope): Promise<unknown> => {
  const options = { abortSignal: scope.signal };
  return enabled
    ? scope.aws.kms.send(new EnableKeyCommand({ KeyId: id }), options)
    : scope.aws.kms.send(new DisableKeyCommand({ KeyId: id }), options);
};

const create: ResourceHandler["create"] = async (inputs, scope, created) => {
  const policy = text(inputs, "policy");
  const command = new CreateKeyCommand({
    Description: text(inputs, "description"),
    KeySpec: (text(inputs, "customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT") as KeySpec,
    KeyUsage: (text(inputs, "keyUsage") ?? "ENCRYPT_DECRYPT") as KeyUsageType,
    MultiRegion: flag(inputs, "multiRegion") ?? false,
    Tags: kmsTags(textMap(inputs, "tagsAll")),
    ...(policy ? { Policy: policy } : {}),
  });
  try {
    const send = () => scope.aws.kms.send(command, { abortSignal: scope.signal });
    const passes = (error: unknown) => hasCode(error, "MalformedPolicyDocument");
    const id = (await retrying(send, passes, scope)).KeyMetadata?.KeyId ?? "";
    created(id);
    if (flag(inputs, "enableKeyRotation")) await setRotation(id, inputs, scope);
    if (flag(inputs, "isEnabled") === false) await setEnabled(id, false, scope);
  } catch (error) {
    throw during("creating KMS Key", error);
  }
};

/** A key that waits for its deletion counts as gone. */
const describe = async (id: string, scope: Scope): Promise<KeyMetadata | undefined> => {
  try {
    const command = new DescribeKeyCommand({ KeyId: id });
    const key = (await scope.aws.kms.send(command, { abortSignal: scope.signal })).KeyMetadata;
    return key?.KeyState === "PendingDeletion" ? undefined : key;
  } catch (error) {
    if (hasCode(error, "NotFound")) return undefined;
    throw error;
  }
};

const read: ResourceHandler["read"] = async (id, state, scope) => {
  const options = { abortSignal: scope.signal };
  try {
    const key = await describe(id, scope);
    if (!key) return undefined;
    const KeyId = key.KeyId;
    const { Policy = "" } = await scope.aws.kms.send(
      new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }),
      options,
    );
    const rotation = await scope.aws.kms.send(new GetKeyRotationStatusCommand({ KeyId }), options);
    const { Tags } = await scope.aws.kms.send(new ListResourceTagsCommand({ KeyId }), options);
    const rotates = rotation.KeyRotationEnabled ?? false;
    return {
      arn: key.Arn,
      customerMasterKeySpec: key.KeySpec,
      description: key.Description ?? "",
      enableKeyRotation: rotates,
      id: KeyId,
      isEnabled: key.Enabled ?? true,
      keyId: KeyId,
      keyUsage: key.KeyUsage,
      multiRegion: key.MultiRegion ?? false,
      policy: equivalentJson(state["policy"], Policy) ? (state["policy"] ?? Policy) : Policy,
      rotationPeriodInDays: rotates ? rotation.RotationPeriodInDays : undefined,
      tags: Object.fromEntries((Tags ?? []).map((tag) => [tag.TagKey ?? "", tag.TagValue ?? ""])),
    };
  } catch (error) {
    throw during(`reading KMS Key (${id})`, error);
  }
};

const changeTags = async ({ id, state, planned }: Update, scope: Scope): Promise<void> => {
  const [old, wanted] = [textMap(state, "tagsAll"), textMap(planned, "tagsAll")];
  const { removed, put } = tagChanges(old, wanted);
  const options = { abortSignal: scope.signal };
  if (removed.length > 0) {
    await scope.aws.kms.send(new UntagResourceCommand({ KeyId: id, TagKeys: removed }), options);
  }
  if (put.length > 0) {
    const Tags = put.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));
    await scope.aws.kms.send(new TagResourceCommand({ KeyId: id, Tags }), options);
  }
};

/** Enabling comes first and disabling last: a disabled key takes none of the changes in between. */
const update: ResourceHandler["update"] = async (request, scope) => {
  const { id, planned, changed } = request;
  const options = { abortSignal: scope.signal };
  const enabled = flag(planned, "isEnabled") ?? true;
  try {
    if (changed.has("tagsAll")) await changeTags(request, scope);
    if (changed.has("isEnabled") && enabled) await setEnabled(id, true, scope);
    if (changed.has("enableKeyRotation") || changed.has("rotationPeriodInDays")) {
      await setRotation(id, planned, scope);
    }
    if (changed.has("description")) {
      const Description = text(planned, "description") ?? "";
      await scope.aws.kms.send(
        new UpdateKeyDescriptionCommand({ KeyId: id, Description }),
        options,
      );
    }
    if (changed.has("policy")) {
      const Policy = requiredText(planned, "policy");
      await scope.aws.kms.send(new PutKeyPolicyCommand({ KeyId: id, Policy }), options);
    }
    if (changed.has("isEnabled") && !enabled) await setEnabled(id, false, scope);
  } catch (error) {
    throw during(`updating KMS Key (${id})`, error);
  }
};

const remove: ResourceHandler["delete"] = async (id, state, scope) => {
  const days = number(state, "deletionWindowInDays");
  const command = new ScheduleKeyDeletionCommand({
    KeyId: id,
    ...(days ? { PendingWindowInDays: days } : {}),
  });
  try {
    await scope.aws.kms.send(command, { abortSignal: scope.signal });
  } catch (error) {
    if (hasCode(error, "NotFound")) return;
    throw during(`deleting KMS Key (${id})`, error);
  }
  await untilState(
    {
      look: async () => (await describe(id, scope))?.KeyState,
      targets: [undefined, "PendingDeletion", "PendingReplicaDeletion"],
      waiter: { firstSeconds: 0, intervalSeconds: 1, consecutive: 1 },
    },
    scope,
  );
};

export const kmsKey: ResourceHandler = { create, read, update, delete: remove };
