import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  GetResourcePolicyCommand,
} from "@aws-sdk/client-secrets-manager";
import { hasCode } from "../aws-call-error.ts";
import type { Scope } from "../resource-handler.ts";

/** A secret that is scheduled for deletion counts as gone. */
export const findSecret = async (
  id: string,
  scope: Scope,
): Promise<DescribeSecretResponse | undefined> => {
  try {
    const command = new DescribeSecretCommand({ SecretId: id });
    const secret = await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
    return secret.DeletedDate ? undefined : secret;
  } catch (error) {
    if (hasCode(error, "ResourceNotFound")) return undefined;
    throw error;
  }
};

export const resourcePolicyOf = async (id: string, scope: Scope): Promise<string | undefined> => {
  const command = new GetResourcePolicyCommand({ SecretId: id });
  const answer = await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
  return answer.ResourcePolicy;
};
