import type {
  CreateAliasCommandInput,
  DeleteAliasCommandInput,
  ListAliasesCommandInput,
  ListResourceTagsCommandInput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
  UpdateAliasCommandInput,
} from "@aws-sdk/client-kms";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import type { KeyStore } from "./key-store.ts";

const requireAlias = (store: KeyStore, region: string, alias: string): void => {
  if (!store.in(region).aliases.has(alias))
    throw new AwsError("NotFoundException", `Alias ${store.aliasArn(region, alias)} is not found.`);
};

const aliasOperations = (store: KeyStore): Readonly<Record<string, Operation>> => ({
  CreateAlias: operation<CreateAliasCommandInput, object>(
    ({ AliasName = "", TargetKeyId = "" }, { region }) => {
      const { aliases } = store.in(region);
      if (!/^alias\/[\w/-]+$/.test(AliasName))
        throw new AwsError("InvalidAliasNameException", "Alias must start with the prefix alias/.");
      if (AliasName.startsWith("alias/aws/"))
        throw new AwsError("NotAuthorizedException", "Alias names under alias/aws/ are reserved.");
      if (aliases.has(AliasName))
        throw new AwsError(
          "AlreadyExistsException",
          `An alias with the name ${store.aliasArn(region, AliasName)} already exists`,
        );
      aliases.set(AliasName, store.find(region, TargetKeyId).id);
      return {};
    },
  ),

  UpdateAlias: operation<UpdateAliasCommandInput, object>(
    ({ AliasName = "", TargetKeyId = "" }, { region }) => {
      requireAlias(store, region, AliasName);
      store.in(region).aliases.set(AliasName, store.find(region, TargetKeyId).id);
      return {};
    },
  ),

  DeleteAlias: operation<DeleteAliasCommandInput, object>(({ AliasName = "" }, { region }) => {
    requireAlias(store, region, AliasName);
    store.in(region).aliases.delete(AliasName);
    return {};
  }),

  ListAliases: operation<ListAliasesCommandInput, object>(({ KeyId }, { region }) => {
    const only = KeyId === undefined ? undefined : store.find(region, KeyId).id;
    return {
      Aliases: [...store.in(region).aliases]
        .filter(([, id]) => only === undefined || id === only)
        .map(([name, id]) => ({
          AliasName: name,
          AliasArn: store.aliasArn(region, name),
          TargetKeyId: id,
        })),
      Truncated: false,
    };
  }),
});

/** Aliases and tags of keys. */
export const aliasAndTagOperations = (store: KeyStore): Readonly<Record<string, Operation>> => ({
  ...aliasOperations(store),

  ListResourceTags: operation<ListResourceTagsCommandInput, object>(
    ({ KeyId = "" }, { region }) => ({
      Tags: [...store.find(region, KeyId).tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      Truncated: false,
    }),
  ),

  TagResource: operation<TagResourceCommandInput, object>(({ KeyId = "", Tags }, { region }) => {
    const { tags } = store.find(region, KeyId);
    for (const tag of Tags ?? []) tags.set(tag.TagKey ?? "", tag.TagValue ?? "");
    return {};
  }),

  UntagResource: operation<UntagResourceCommandInput, object>(
    ({ KeyId = "", TagKeys }, { region }) => {
      const { tags } = store.find(region, KeyId);
      for (const name of TagKeys ?? []) tags.delete(name);
      return {};
    },
  ),
});
