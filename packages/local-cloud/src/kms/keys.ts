import type {
  CreateKeyCommandInput,
  CreateKeyCommandOutput,
  DescribeKeyCommandInput,
  GetKeyPolicyCommandInput,
  GetKeyRotationStatusCommandInput,
  KeyMetadata,
  ListKeyPoliciesCommandInput,
  PutKeyPolicyCommandInput,
  UpdateKeyDescriptionCommandInput,
} from "@aws-sdk/client-kms";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { defaultKeyPolicy, type Key, type KeyStore } from "./key-store.ts";

const metadataOf = (key: Key, accountId: string): KeyMetadata => ({
  AWSAccountId: accountId,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: key.createdAt,
  Enabled: key.state === "Enabled",
  Description: key.description,
  KeyUsage: "ENCRYPT_DECRYPT",
  KeyState: key.state,
  DeletionDate: key.deletionDate,
  Origin: "AWS_KMS",
  KeyManager: key.manager,
  CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
  KeySpec: "SYMMETRIC_DEFAULT",
  EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
  MultiRegion: false,
});

const changeable = (key: Key): Key => {
  if (key.state === "PendingDeletion")
    throw new AwsError("KMSInvalidStateException", `${key.arn} is pending deletion.`);
  return key;
};

type Metadata = Pick<CreateKeyCommandOutput, "KeyMetadata">;

/** What a key is and who may use it. */
export const keyOperations = (store: KeyStore): Readonly<Record<string, Operation>> => ({
  CreateKey: operation<CreateKeyCommandInput, Metadata>((input, { region, accountId }) => {
    if (input.MultiRegion === true)
      throw new AwsError("NotModelled", "NotModelled: KMS.CreateKey with MultiRegion", 501);
    const key = store.create(region, {
      manager: "CUSTOMER",
      description: input.Description ?? "",
      policy: input.Policy ?? defaultKeyPolicy(accountId),
      tags: new Map((input.Tags ?? []).map((tag) => [tag.TagKey ?? "", tag.TagValue ?? ""])),
    });
    return { KeyMetadata: metadataOf(key, accountId) };
  }),

  DescribeKey: operation<DescribeKeyCommandInput, Metadata>(({ KeyId = "" }, context) => ({
    KeyMetadata: metadataOf(store.find(context.region, KeyId), context.accountId),
  })),

  UpdateKeyDescription: operation<UpdateKeyDescriptionCommandInput, object>((input, { region }) => {
    changeable(store.find(region, input.KeyId ?? "")).description = input.Description ?? "";
    return {};
  }),

  GetKeyPolicy: operation<GetKeyPolicyCommandInput, object>(({ KeyId = "" }, { region }) => ({
    Policy: store.find(region, KeyId).policy,
    PolicyName: "default",
  })),

  PutKeyPolicy: operation<PutKeyPolicyCommandInput, object>((input, { region }) => {
    const key = changeable(store.find(region, input.KeyId ?? ""));
    try {
      JSON.parse(input.Policy ?? "");
    } catch {
      throw new AwsError("MalformedPolicyDocumentException", "The policy is not valid JSON.");
    }
    key.policy = input.Policy ?? "";
    return {};
  }),

  ListKeyPolicies: operation<ListKeyPoliciesCommandInput, object>(({ KeyId = "" }, { region }) => {
    store.find(region, KeyId);
    return { PolicyNames: ["default"], Truncated: false };
  }),

  GetKeyRotationStatus: operation<GetKeyRotationStatusCommandInput, object>(
    ({ KeyId = "" }, { region }) => {
      const key = store.find(region, KeyId);
      return {
        KeyId: key.arn,
        KeyRotationEnabled: key.rotationPeriodDays !== undefined,
        RotationPeriodInDays: key.rotationPeriodDays,
      };
    },
  ),
});
