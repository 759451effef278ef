import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  type DescribeRuleCommandOutput,
  ListTagsForResourceCommand,
  PutRuleCommand,
  type RuleState,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-eventbridge";
import { during, hasCode } from "../aws-call-error.ts";
import { type PropertyMap, requiredText, text, textMap } from "../property-values.ts";
import type { ResourceHandler, Scope } from "../resource-handler.ts";
import { tagChanges, tagList, tagMap } from "../tag-changes.ts";

const put = (name: string, properties: PropertyMap, scope: Scope) =>
  scope.aws.events.send(
    new PutRuleCommand({
      Name: name,
      Description: text(properties, "description"),
      EventPattern: text(properties, "eventPattern"),
      ScheduleExpression: text(properties, "scheduleExpression"),
      RoleArn: text(properties, "roleArn"),
      State: (text(properties, "state") ?? "ENABLED") as RuleState,
      Tags: tagList(textMap(properties, "tagsAll")),
    }),
    { abortSignal: scope.signal },
  );

const describe = async (
  name: string,
  scope: Scope,
): Promise<DescribeRuleCommandOutput | undefined> => {
  try {
    const command = new DescribeRuleCommand({ Name: name });
    return await scope.aws.events.send(command, { abortSignal: scope.signal });
  } catch (error) {
    if (hasCode(error, "ResourceNotFound")) return undefined;
    throw error;
  }
};

/** Enabled is what a program that says nothing means; another one is told in the word that it uses. */
const stateOf = (now: RuleState | undefined, known: PropertyMap): PropertyMap => {
  if (known["isEnabled"] !== undefined) return { isEnabled: now === "ENABLED" };
  return known["state"] === undefined && now === "ENABLED" ? {} : { state: now };
};

export const eventRule: ResourceHandler = {
  async create(inputs, scope, created) {
    const name = requiredText(inputs, "name");
    try {
      await put(name, inputs, scope);
    } catch (error) {
      throw during(`creating EventBridge Rule (${name})`, error);
    }
    created(name);
  },

  async read(id, state, scope) {
    try {
      const rule = await describe(id, scope);
      if (!rule) return undefined;
      const { Tags } = await scope.aws.events.send(
        new ListTagsForResourceCommand({ ResourceARN: rule.Arn }),
        { abortSignal: scope.signal },
      );
      return {
        arn: rule.Arn,
        description: rule.Description ?? "",
        eventBusName: "default",
        eventPattern: rule.EventPattern ?? "",
        name: id,
        scheduleExpression: rule.ScheduleExpression ?? "",
        ...stateOf(rule.State, state),
        tags: tagMap(Tags),
      };
    } catch (error) {
      throw during(`reading EventBridge Rule (${id})`, error);
    }
  },

  async update({ id, state, planned, changed }, scope) {
    try {
      if ([...changed].some((name) => !["tags", "tagsAll"].includes(name)))
        await put(id, planned, scope);
      if (!changed.has("tagsAll")) return;
      const { removed, put: wanted } = tagChanges(
        textMap(state, "tagsAll"),
        textMap(planned, "tagsAll"),
      );
      const ResourceARN = requiredText(state, "arn");
      const options = { abortSignal: scope.signal };
      if (removed.length > 0)
        await scope.aws.events.send(
          new UntagResourceCommand({ ResourceARN, TagKeys: removed }),
          options,
        );
      if (wanted.length > 0)
        await scope.aws.events.send(new TagResourceCommand({ ResourceARN, Tags: wanted }), options);
    } catch (error) {
      throw during(`updating EventBridge Rule (${id})`, error);
    }
  },

  async delete(id, _state, scope) {
    try {
      await scope.aws.events.send(new DeleteRuleCommand({ Name: id }), {
        abortSignal: scope.signal,
      });
    } catch (error) {
      if (hasCode(error, "ResourceNotFound")) return;
      throw during(`deleting EventBridge Rule (${id})`, error);
    }
  },
};
