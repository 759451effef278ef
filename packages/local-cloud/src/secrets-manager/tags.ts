import type { TagResourceRequest, UntagResourceRequest } from "@aws-sdk/client-secrets-manager";
import { operation } from "../operation.ts";
import type { Operation } from "../service.ts";
import { markChanged, type SecretsContext } from "./context.ts";

export const tagOperations = (secrets: SecretsContext): Readonly<Record<string, Operation>> => ({
  TagResource: operation<TagResourceRequest, object>((input, { region }) => {
    const secret = secrets.store.changeable(region, input.SecretId);
    for (const { Key = "", Value = "" } of input.Tags ?? []) secret.tags.set(Key, Value);
    markChanged(secrets, secret);
    return {};
  }),

  UntagResource: operation<UntagResourceRequest, object>((input, { region }) => {
    const secret = secrets.store.changeable(region, input.SecretId);
    for (const key of input.TagKeys ?? []) secret.tags.delete(key);
    markChanged(secrets, secret);
    return {};
  }),
});
