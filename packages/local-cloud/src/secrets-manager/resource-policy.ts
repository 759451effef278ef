import type {
  DeleteResourcePolicyRequest,
  DeleteResourcePolicyResponse,
  GetResourcePolicyRequest,
  GetResourcePolicyResponse,
  PutResourcePolicyRequest,
  PutResourcePolicyResponse,
  ValidateResourcePolicyRequest,
  ValidateResourcePolicyResponse,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { markChanged, type SecretsContext } from "./context.ts";

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

const malformed = () =>
  new AwsError("MalformedPolicyDocumentException", "This resource policy contains invalid JSON.");

function statementsOf(policy: string): readonly Statement[] {
  let document: unknown;
  try {
    document = JSON.parse(policy);
  } catch {
    throw malformed();
  }
  if (typeof document !== "object" || document === null) throw malformed();
  const { Statement: statements } = document as { readonly Statement?: unknown };
  if (statements === undefined) throw malformed();
  return (Array.isArray(statements) ? statements : [statements]) as readonly Statement[];
}

const isAnybody = (principal: unknown): boolean =>
  principal === "*" ||
  (typeof principal === "object" &&
    principal !== null &&
    Object.values(principal).flat().includes("*"));

/** Anybody may read, and no condition narrows it. */
const isPublic = (policy: string): boolean =>
  statementsOf(policy).some(
    ({ Effect, Principal, Condition }) =>
      Effect === "Allow" && isAnybody(Principal) && Condition === undefined,
  );

/** The policy is copied to the replicas: one text for all Regions. */
export const resourcePolicyOperations = (
  secrets: SecretsContext,
): Readonly<Record<string, Operation>> => ({
  GetResourcePolicy: operation<GetResourcePolicyRequest, GetResourcePolicyResponse>(
    (input, { region }) => {
      const secret = secrets.store.live(region, input.SecretId);
      return { ARN: secret.arn, Name: secret.name, ResourcePolicy: secret.policy };
    },
  ),

  PutResourcePolicy: operation<PutResourcePolicyRequest, PutResourcePolicyResponse>(
    (input, { region }) => {
      const secret = secrets.store.changeable(region, input.SecretId);
      const policy = input.ResourcePolicy ?? "";
      if (isPublic(policy) && input.BlockPublicPolicy === true)
        throw new AwsError(
          "PublicPolicyException",
          "The resource policy grants a broad access and BlockPublicPolicy was set.",
        );
      secret.policy = policy;
      markChanged(secrets, secret);
      return { ARN: secret.arn, Name: secret.name };
    },
  ),

  DeleteResourcePolicy: operation<DeleteResourcePolicyRequest, DeleteResourcePolicyResponse>(
    (input, { region }) => {
      const secret = secrets.store.changeable(region, input.SecretId);
      secret.policy = undefined;
      markChanged(secrets, secret);
      return { ARN: secret.arn, Name: secret.name };
    },
  ),

  ValidateResourcePolicy: operation<ValidateResourcePolicyRequest, ValidateResourcePolicyResponse>(
    (input, { region }) => {
      if (input.SecretId !== undefined) secrets.store.live(region, input.SecretId);
      const isOpen = isPublic(input.ResourcePolicy ?? "");
      return {
        PolicyValidationPassed: !isOpen,
        ValidationErrors: isOpen
          ? [{ CheckName: "PUBLIC_POLICY", ErrorMessage: "The policy grants access to anybody." }]
          : [],
      };
    },
  ),
});
