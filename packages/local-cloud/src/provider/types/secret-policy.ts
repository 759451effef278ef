import {
  DeleteResourcePolicyCommand,
  PutResourcePolicyCommand,
} from "@aws-sdk/client-secrets-manager";
import { during, hasCode, hasCodeAndText } from "../aws-call-error.ts";
import { equivalentJson } from "../equality.ts";
import { flag, type PropertyMap, requiredText } from "../property-values.ts";
import type { ResourceHandler, Scope } from "../resource-handler.ts";
import { propagationSeconds, retrying, untilState } from "../waiting.ts";
import { resourcePolicyOf } from "./secret-lookup.ts";

const put = (properties: PropertyMap, alwaysBlock: boolean, scope: Scope) => {
  const block = flag(properties, "blockPublicPolicy") ?? false;
  const command = new PutResourcePolicyCommand({
    SecretId: requiredText(properties, "secretArn"),
    ResourcePolicy: requiredText(properties, "policy"),
    ...(alwaysBlock || block ? { BlockPublicPolicy: block } : {}),
  });
  return retrying(
    () => scope.aws.secretsManager.send(command, { abortSignal: scope.signal }),
    (error) => hasCodeAndText(error, "MalformedPolicyDocument", "unsupported principal"),
    scope,
  );
};

const markedForDeletion = (error: unknown): boolean =>
  hasCodeAndText(error, "InvalidRequest", "marked for deletion");

export const secretPolicy: ResourceHandler = {
  async create(inputs, scope, created) {
    const id = requiredText(inputs, "secretArn");
    try {
      await put(inputs, false, scope);
    } catch (error) {
      throw during(`creating Secrets Manager Secret Policy (${id})`, error);
    }
    created(id);
  },

  async read(id, state, scope) {
    try {
      const policy = (await resourcePolicyOf(id, scope)) ?? "";
      const kept = equivalentJson(state["policy"], policy) ? state["policy"] : policy;
      return { policy: kept, secretArn: id };
    } catch (error) {
      if (hasCode(error, "ResourceNotFound") || markedForDeletion(error)) return undefined;
      throw during(`reading Secrets Manager Secret Policy (${id})`, error);
    }
  },

  async update({ id, planned, changed }, scope) {
    if (!changed.has("policy") && !changed.has("blockPublicPolicy")) return;
    try {
      await put(planned, true, scope);
    } catch (error) {
      throw during(`updating Secrets Manager Secret Policy (${id})`, error);
    }
  },

  async delete(id, _state, scope) {
    const command = new DeleteResourcePolicyCommand({ SecretId: id });
    try {
      await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
    } catch (error) {
      if (hasCode(error, "ResourceNotFound") || markedForDeletion(error)) return;
      throw during(`deleting Secrets Manager Secret Policy (${id})`, error);
    }
    await untilState(
      {
        look: async () => ((await resourcePolicyOf(id, scope)) ? "set" : undefined),
        targets: [undefined],
        waiter: { firstSeconds: 0, intervalSeconds: 0.5, consecutive: 1 },
        timeoutSeconds: propagationSeconds,
      },
      scope,
    );
  },
};
