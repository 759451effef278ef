import type {
  CancelKeyDeletionCommandInput,
  DisableKeyCommandInput,
  DisableKeyRotationCommandInput,
  EnableKeyCommandInput,
  EnableKeyRotationCommandInput,
  ScheduleKeyDeletionCommandInput,
} from "@aws-sdk/client-kms";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import type { Key, KeyStore } from "./key-store.ts";

const dayMilliseconds = 86_400_000;
const defaultRotationDays = 365;

/** A key that is to be deleted takes no change but the cancellation. */
function living(store: KeyStore, region: string, keyId: string | undefined): Key {
  const key = store.find(region, keyId ?? "");
  if (key.state === "PendingDeletion")
    throw new AwsError("KMSInvalidStateException", `${key.arn} is pending deletion.`);
  return key;
}

const enabled = (store: KeyStore, region: string, keyId: string | undefined): Key => {
  const key = living(store, region, keyId);
  if (key.state === "Disabled") throw new AwsError("DisabledException", `${key.arn} is disabled.`);
  return key;
};

/** Enabling, rotation and deletion of keys. */
export const lifecycleOperations = (store: KeyStore): Readonly<Record<string, Operation>> => ({
  EnableKey: operation<EnableKeyCommandInput, object>(({ KeyId }, { region }) => {
    living(store, region, KeyId).state = "Enabled";
    return {};
  }),

  DisableKey: operation<DisableKeyCommandInput, object>(({ KeyId }, { region }) => {
    living(store, region, KeyId).state = "Disabled";
    return {};
  }),

  EnableKeyRotation: operation<EnableKeyRotationCommandInput, object>((input, { region }) => {
    enabled(store, region, input.KeyId).rotationPeriodDays =
      input.RotationPeriodInDays ?? defaultRotationDays;
    return {};
  }),

  DisableKeyRotation: operation<DisableKeyRotationCommandInput, object>(({ KeyId }, { region }) => {
    delete enabled(store, region, KeyId).rotationPeriodDays;
    return {};
  }),

  ScheduleKeyDeletion: operation<ScheduleKeyDeletionCommandInput, object>((input, { region }) => {
    const key = living(store, region, input.KeyId);
    const days = input.PendingWindowInDays ?? 30;
    if (days < 7 || days > 30)
      throw new AwsError("ValidationException", "PendingWindowInDays must be between 7 and 30.");
    key.state = "PendingDeletion";
    key.deletionDate = new Date(Date.now() + days * dayMilliseconds);
    return {
      KeyId: key.arn,
      DeletionDate: key.deletionDate,
      KeyState: key.state,
      PendingWindowInDays: days,
    };
  }),

  CancelKeyDeletion: operation<CancelKeyDeletionCommandInput, object>(({ KeyId }, { region }) => {
    const key = store.find(region, KeyId ?? "");
    if (key.state !== "PendingDeletion")
      throw new AwsError("KMSInvalidStateException", `${key.arn} is not pending deletion.`);
    key.state = "Disabled";
    delete key.deletionDate;
    return { KeyId: key.arn };
  }),
});
