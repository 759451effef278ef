import { AddTagsToResourceCommand, RemoveTagsFromResourceCommand } from "@aws-sdk/client-rds";
import { requiredText, textMap } from "../property-values.ts";
import type { Scope, Update } from "../resource-handler.ts";
import { tagChanges } from "../tag-changes.ts";

/** Tags go first, before the rest of an update. */
export const changeRdsTags = async ({ state, planned }: Update, scope: Scope): Promise<void> => {
  const { removed, put } = tagChanges(textMap(state, "tagsAll"), textMap(planned, "tagsAll"));
  const ResourceName = requiredText(state, "arn");
  const options = { abortSignal: scope.signal };
  if (removed.length > 0) {
    const command = new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: removed });
    await scope.aws.rds.send(command, options);
  }
  if (put.length > 0) {
    await scope.aws.rds.send(new AddTagsToResourceCommand({ ResourceName, Tags: put }), options);
  }
};
