import {
  ListTargetsByRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { during, hasCode } from "../aws-call-error.ts";
import { type PropertyMap, requiredText, text } from "../property-values.ts";
import type { ResourceHandler, Scope } from "../resource-handler.ts";

const put = (properties: PropertyMap, scope: Scope) =>
  scope.aws.events.send(
    new PutTargetsCommand({
      Rule: requiredText(properties, "rule"),
      Targets: [
        {
          Id: requiredText(properties, "targetId"),
          Arn: requiredText(properties, "arn"),
          Input: text(properties, "input"),
        },
      ],
    }),
    { abortSignal: scope.signal },
  );

export const eventTarget: ResourceHandler = {
  async create(inputs, scope, created) {
    const id = `${requiredText(inputs, "rule")}-${requiredText(inputs, "targetId")}`;
    try {
      await put(inputs, scope);
    } catch (error) {
      throw during(`creating EventBridge Target (${id})`, error);
    }
    created(id);
  },

  async read(id, state, scope) {
    const rule = requiredText(state, "rule");
    const targetId = requiredText(state, "targetId");
    try {
      const { Targets } = await scope.aws.events.send(
        new ListTargetsByRuleCommand({ Rule: rule }),
        { abortSignal: scope.signal },
      );
      const target = Targets?.find(({ Id }) => Id === targetId);
      if (!target) return undefined;
      return {
        arn: target.Arn,
        eventBusName: "default",
        rule,
        targetId,
        ...(target.Input === undefined ? {} : { input: target.Input }),
      };
    } catch (error) {
      if (hasCode(error, "ResourceNotFound")) return undefined;
      throw during(`reading EventBridge Target (${id})`, error);
    }
  },

  async update({ id, planned, changed }, scope) {
    if (changed.size === 0) return;
    try {
      await put(planned, scope);
    } catch (error) {
      throw during(`updating EventBridge Target (${id})`, error);
    }
  },

  async delete(id, state, scope) {
    const command = new RemoveTargetsCommand({
      Rule: requiredText(state, "rule"),
      Ids: [requiredText(state, "targetId")],
    });
    try {
      await scope.aws.events.send(command, { abortSignal: scope.signal });
    } catch (error) {
      if (hasCode(error, "ResourceNotFound")) return;
      throw during(`deleting EventBridge Target (${id})`, error);
    }
  },
};
