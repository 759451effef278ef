import type { PolicyDocument } from "../../iam/policy.ts";
import { type PropertyMap, requiredText } from "../property-values.ts";
import type { ResourceHandler, Scope } from "../resource-handler.ts";

export const rolePolicyType = "aws:iam/rolePolicy:RolePolicy";

const put = (properties: PropertyMap, { rolePolicies }: Scope): void =>
  rolePolicies?.put(
    requiredText(properties, "role"),
    requiredText(properties, "name"),
    JSON.parse(requiredText(properties, "policy")) as PolicyDocument,
  );

/** As inert as the rest of IAM, but that functions may do what the policies of their roles allow, and nothing else. */
export function rolePolicy(inert: ResourceHandler | undefined): ResourceHandler {
  if (!inert) throw new TypeError(`${rolePolicyType} is an inert type`);
  return {
    ...inert,
    async create(inputs, scope, created) {
      await inert.create(inputs, scope, created);
      put(inputs, scope);
    },
    async update(update, scope) {
      await inert.update(update, scope);
      put(update.planned, scope);
    },
    async delete(id, state, scope) {
      await inert.delete(id, state, scope);
      scope.rolePolicies?.remove(requiredText(state, "role"), requiredText(state, "name"));
    },
  };
}
