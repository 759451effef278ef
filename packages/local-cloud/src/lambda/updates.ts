import type {
  Concurrency,
  DeleteFunctionConcurrencyRequest,
  FunctionConfiguration,
  PutFunctionConcurrencyRequest,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from "@aws-sdk/client-lambda";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import type { LambdaContext } from "./context.ts";
import { deploy } from "./deploy.ts";
import { archiveOf, type LambdaFunction, markUpdated, settingsAfter } from "./function-state.ts";
import { functionView } from "./function-view.ts";

/** Lambda takes one update at a time. */
function updatable(
  context: LambdaContext,
  region: string,
  name: string | undefined,
): LambdaFunction {
  const lambda = context.store.get(region, name);
  if (lambda.updateStatus === "InProgress")
    throw new AwsError(
      "ResourceConflictException",
      `The operation cannot be performed at this time. An update is in progress for resource: ${lambda.arn}`,
      409,
    );
  return lambda;
}

export const updateOperations = (context: LambdaContext): Readonly<Record<string, Operation>> => ({
  UpdateFunctionCode: operation<UpdateFunctionCodeRequest, FunctionConfiguration>(
    (input, { region }) => {
      const lambda = updatable(context, region, input.FunctionName);
      lambda.archive = archiveOf(input, "UpdateFunctionCode");
      if (input.Architectures !== undefined)
        lambda.settings = { ...lambda.settings, Architectures: input.Architectures };
      markUpdated(lambda);
      deploy(context, lambda);
      return functionView(lambda);
    },
  ),

  PutFunctionConcurrency: operation<PutFunctionConcurrencyRequest, Concurrency>(
    (input, { region }) => {
      const lambda = context.store.get(region, input.FunctionName);
      lambda.reservedConcurrency = input.ReservedConcurrentExecutions;
      return { ReservedConcurrentExecutions: lambda.reservedConcurrency };
    },
  ),

  DeleteFunctionConcurrency: operation<DeleteFunctionConcurrencyRequest, object>(
    (input, { region }) => {
      context.store.get(region, input.FunctionName).reservedConcurrency = undefined;
      return {};
    },
  ),

  UpdateFunctionConfiguration: operation<UpdateFunctionConfigurationRequest, FunctionConfiguration>(
    (input, { region }) => {
      const lambda = updatable(context, region, input.FunctionName);
      lambda.settings = settingsAfter(lambda.settings, input);
      markUpdated(lambda);
      deploy(context, lambda);
      return functionView(lambda);
    },
  ),
});
