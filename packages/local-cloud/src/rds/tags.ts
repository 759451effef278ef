import type {
  AddTagsToResourceMessage,
  ListTagsForResourceMessage,
  RemoveTagsFromResourceMessage,
  TagListMessage,
} from "@aws-sdk/client-rds";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { type TagMap, tagListOf } from "../tag-map.ts";
import type { RdsContext } from "./context.ts";
import { invalidValue } from "./errors.ts";
import { parseArn } from "./names.ts";

function tagsOf({ store }: RdsContext, region: string, resource: string | undefined): TagMap {
  const arn = parseArn(resource ?? "");
  if (!arn || arn.region !== region)
    throw invalidValue(
      `The specified resource name ${resource} is not an RDS resource of ${region}.`,
    );
  if (arn.kind === "db") return store.instance(region, arn.name).tags;
  if (arn.kind === "pg") return store.parameterGroup(region, arn.name).tags;
  if (arn.kind === "subgrp") return store.subnetGroup(region, arn.name).tags;
  const snapshot = arn.kind === "snapshot" ? store.in(region).snapshots.get(arn.name) : undefined;
  if (!snapshot) throw new AwsError("DBSnapshotNotFound", `DBSnapshot ${arn.name} not found.`, 404);
  return snapshot.tags;
}

/** Tags of any RDS resource, by ARN. */
export const tagOperations = (rds: RdsContext): Readonly<Record<string, Operation>> => ({
  AddTagsToResource: operation<AddTagsToResourceMessage, object>((input, { region }) => {
    const tags = tagsOf(rds, region, input.ResourceName);
    for (const { Key = "", Value = "" } of input.Tags ?? []) tags.set(Key, Value);
    return {};
  }),

  RemoveTagsFromResource: operation<RemoveTagsFromResourceMessage, object>((input, { region }) => {
    const tags = tagsOf(rds, region, input.ResourceName);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  }),

  ListTagsForResource: operation<ListTagsForResourceMessage, TagListMessage>(
    (input, { region }) => ({ TagList: tagListOf(tagsOf(rds, region, input.ResourceName)) }),
  ),
});
