import { globalServicesRegion } from "../aws-clients.ts";
import { requiredText, text } from "../property-values.ts";
import { calls, given, hex, type InertType } from "./inert-type.ts";

const iam = (
  names: InertType["calls"],
  id: InertType["id"],
  outputs?: InertType["outputs"],
): InertType => ({
  service: "iam",
  callRegion: globalServicesRegion,
  calls: names,
  id,
  ...(outputs ? { outputs } : {}),
});

export const access: Readonly<Record<string, InertType>> = {
  "aws:iam/role:Role": iam(
    calls("CreateRole", "GetRole", "UpdateAssumeRolePolicy", "DeleteRole"),
    given("name"),
    (id, inputs, { accountId }) => ({
      arn: `arn:aws:iam::${accountId}:role${text(inputs, "path") ?? "/"}${id}`,
      uniqueId: `AROA${hex(9).toUpperCase().slice(0, 17)}`,
      createDate: new Date().toISOString(),
    }),
  ),
  "aws:iam/rolePolicy:RolePolicy": iam(
    calls("PutRolePolicy", "GetRolePolicy", "PutRolePolicy", "DeleteRolePolicy"),
    (inputs) => `${requiredText(inputs, "role")}:${requiredText(inputs, "name")}`,
  ),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": iam(
    calls("AttachRolePolicy", "ListAttachedRolePolicies", "", "DetachRolePolicy"),
    (inputs) => `${requiredText(inputs, "role")}/${requiredText(inputs, "policyArn")}`,
  ),
};
