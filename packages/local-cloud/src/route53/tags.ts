import type {
  ChangeTagsForResourceRequest,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceType,
} from "@aws-sdk/client-route-53";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { type TagMap, tagListOf } from "../tag-map.ts";
import type { ZoneStore } from "./zone-store.ts";

function tagsOf(
  store: ZoneStore,
  type: TagResourceType | undefined,
  id: string | undefined,
): TagMap {
  if (type !== "hostedzone")
    throw new AwsError("NotModelled", `NotModelled: Route53 tags of ${type}`, 501);
  return store.zone(id).tags;
}

export const tagOperations = (store: ZoneStore): Readonly<Record<string, Operation>> => ({
  ListTagsForResource: operation<ListTagsForResourceRequest, ListTagsForResourceResponse>(
    ({ ResourceType, ResourceId }) => ({
      ResourceTagSet: {
        ResourceType,
        ResourceId,
        Tags: tagListOf(tagsOf(store, ResourceType, ResourceId)),
      },
    }),
  ),

  ChangeTagsForResource: operation<ChangeTagsForResourceRequest, object>((input) => {
    const tags = tagsOf(store, input.ResourceType, input.ResourceId);
    for (const { Key = "", Value = "" } of input.AddTags ?? []) tags.set(Key, Value);
    for (const key of input.RemoveTagKeys ?? []) tags.delete(key);
    return {};
  }),
});
