import { functionPrincipal } from "../account.ts";
import type { LambdaContext } from "./context.ts";
import type { LambdaFunction } from "./function-state.ts";

const environmentOf = (
  { endpointUrl }: LambdaContext,
  { name, region, settings }: LambdaFunction,
): Readonly<Record<string, string>> => {
  const principal = functionPrincipal(settings.Role ?? "", name);
  return {
    ...settings.variables,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.MemorySize),
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.Runtime}`,
    AWS_ACCESS_KEY_ID: principal.accessKeyId,
    AWS_SECRET_ACCESS_KEY: principal.secretAccessKey,
    AWS_ENDPOINT_URL: endpointUrl(),
    _HANDLER: settings.Handler ?? "",
  };
};

const deployment = (context: LambdaContext, lambda: LambdaFunction) => ({
  region: lambda.region,
  name: lambda.name,
  archive: lambda.archive,
  handler: lambda.settings.Handler ?? "",
  environment: environmentOf(context, lambda),
  timeoutSeconds: lambda.settings.Timeout ?? 3,
});

/** Gives the function to its runtime: Lambda answers first, and says when it is done by its two states. */
export function deploy(context: LambdaContext, lambda: LambdaFunction): void {
  lambda.updateStatus = "InProgress";
  lambda.reason = undefined;
  context.background.start(async () => {
    try {
      await context.runtime.deploy(deployment(context, lambda));
      lambda.state = "Active";
      lambda.updateStatus = "Successful";
    } catch (error) {
      lambda.reason = error instanceof Error ? error.message : String(error);
      lambda.updateStatus = "Failed";
      if (lambda.state === "Pending") lambda.state = "Failed";
    }
  });
}
