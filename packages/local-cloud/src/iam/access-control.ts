import { AwsError } from "../service.ts";
import { isAllowed, type Permission } from "./policy.ts";
import type { RolePolicies } from "./role-policies.ts";

/** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
const roleOf = (principal: string): string | undefined =>
  /:assumed-role\/([^/]+)\//.exec(principal)?.[1];

/** RDS, Route 53, S3 and CloudWatch leave `Exception` out, and answer 403. */
const isJson = (format: string | undefined): boolean => format === "json" || format === "rest-json";

/**
 * IAM's refusal for a function that calls what no policy of its role allows, in AWS's words; undefined when it may, and for everybody who
 * is no declared role: a person's rights are not declared by the program.
 */
export function accessRefusal(
  policies: RolePolicies,
  principal: string,
  needed: readonly Permission[],
  format: string | undefined,
): AwsError | undefined {
  const role = roleOf(principal);
  const documents = role === undefined ? undefined : policies.of(role);
  const missing = documents && needed.find((permission) => !isAllowed(documents, permission));
  if (!missing) return undefined;
  const code = isJson(format) ? "AccessDeniedException" : "AccessDenied";
  const status = format === "json" ? 400 : 403;
  if (missing !== needed[0]) return new AwsError(code, "Access to KMS is not allowed", status);
  const { action, resource } = missing;
  return new AwsError(
    code,
    `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
    status,
  );
}
