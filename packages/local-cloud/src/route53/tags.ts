import type {
  ChangeTagsForResourceRequest,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceType,
} from "@aws-sdk/client-route-53";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { type TagMap, tagListOf } from "../tag-map.ts";
import type { HealthCheckStore } from "./health-check-store.ts";
import type { ZoneStore } from "./zone-store.ts";

interface Stores {
  readonly zones: ZoneStore;
  readonly healthChecks: HealthCheckStore;
}

function tagsOf(
  { zones, healthChecks }: Stores,
  type: TagResourceType | undefined,
  id: string | undefined,
): TagMap {
  if (type === "hostedzone") return zones.zone(id).tags;
  if (type === "healthcheck") return healthChecks.get(id).tags;
  throw new AwsError("InvalidInput", `ResourceType ${type} is neither healthcheck nor hostedzone.`);
}

export const tagOperations = (stores: Stores): Readonly<Record<string, Operation>> => ({
  ListTagsForResource: operation<ListTagsForResourceRequest, ListTagsForResourceResponse>(
    ({ ResourceType, ResourceId }) => ({
      ResourceTagSet: {
        ResourceType,
        ResourceId,
        Tags: tagListOf(tagsOf(stores, ResourceType, ResourceId)),
      },
    }),
  ),

  ChangeTagsForResource: operation<ChangeTagsForResourceRequest, object>((input) => {
    const tags = tagsOf(stores, input.ResourceType, input.ResourceId);
    for (const { Key = "", Value = "" } of input.AddTags ?? []) tags.set(Key, Value);
    for (const key of input.RemoveTagKeys ?? []) tags.delete(key);
    return {};
  }),
});
