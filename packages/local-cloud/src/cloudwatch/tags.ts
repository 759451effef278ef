import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  TagResourceInput,
  UntagResourceInput,
} from "@aws-sdk/client-cloudwatch";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { type TagMap, tagListOf } from "../tag-map.ts";
import type { AlarmStore } from "./alarm-store.ts";

export function tagOperations(store: AlarmStore): Readonly<Record<string, Operation>> {
  const tagsOf = (arn: string | undefined): TagMap => {
    const alarm = store.all().find((each) => each.arn === arn);
    if (alarm) return alarm.tags;
    throw new AwsError("ResourceNotFoundException", `The resource ${arn} is not found`, 404);
  };
  return {
    TagResource: operation<TagResourceInput, object>(({ ResourceARN, Tags }) => {
      const tags = tagsOf(ResourceARN);
      for (const { Key = "", Value = "" } of Tags ?? []) tags.set(Key, Value);
      return {};
    }),
    UntagResource: operation<UntagResourceInput, object>(({ ResourceARN, TagKeys }) => {
      const tags = tagsOf(ResourceARN);
      for (const key of TagKeys ?? []) tags.delete(key);
      return {};
    }),
    ListTagsForResource: operation<ListTagsForResourceInput, ListTagsForResourceOutput>(
      ({ ResourceARN }) => ({ Tags: tagListOf(tagsOf(ResourceARN)) }),
    ),
  };
}
