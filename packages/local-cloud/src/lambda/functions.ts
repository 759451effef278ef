import { randomUUID } from "node:crypto";
import type {
  CreateFunctionRequest,
  DeleteFunctionRequest,
  FunctionConfiguration,
  GetFunctionCodeSigningConfigRequest,
  GetFunctionCodeSigningConfigResponse,
  GetFunctionConfigurationRequest,
  GetFunctionRequest,
  GetFunctionResponse,
  ListFunctionsRequest,
  ListFunctionsResponse,
  ListVersionsByFunctionRequest,
  ListVersionsByFunctionResponse,
} from "@aws-sdk/client-lambda";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import type { LambdaContext } from "./context.ts";
import { deploy } from "./deploy.ts";
import {
  archiveOf,
  functionArn,
  invalidParameter,
  type LambdaFunction,
  notModelled,
  settingsAfter,
} from "./function-state.ts";
import { functionView } from "./function-view.ts";

function newFunction(input: CreateFunctionRequest, region: string): LambdaFunction {
  const name = input.FunctionName ?? "";
  if (!/^[\w-]{1,64}$/.test(name))
    throw new AwsError(
      "ValidationException",
      "functionName must have letters, digits, - and _ only.",
    );
  if (input.PackageType === "Image") throw notModelled("CreateFunction of an image");
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(input.Role ?? ""))
    throw invalidParameter("The role defined for the function is not the ARN of a role.");
  if (!input.Handler || !input.Runtime)
    throw invalidParameter(
      "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    );
  return {
    region,
    name,
    arn: functionArn(region, name),
    tags: new Map(Object.entries(input.Tags ?? {})),
    permissions: new Map(),
    settings: settingsAfter(undefined, input),
    archive: archiveOf(input.Code ?? {}, "CreateFunction"),
    revisionId: randomUUID(),
    changedAt: new Date(),
    state: "Pending",
    updateStatus: "InProgress",
    reason: undefined,
    reservedConcurrency: undefined,
    url: undefined,
  };
}

const readOperations = ({ store }: LambdaContext): Readonly<Record<string, Operation>> => ({
  GetFunction: operation<GetFunctionRequest, GetFunctionResponse>((input, { region }) => {
    const lambda = store.get(region, input.FunctionName);
    return {
      Configuration: functionView(lambda),
      Code: { RepositoryType: "S3" },
      Concurrency:
        lambda.reservedConcurrency === undefined
          ? undefined
          : { ReservedConcurrentExecutions: lambda.reservedConcurrency },
      Tags: lambda.tags.size > 0 ? Object.fromEntries(lambda.tags) : undefined,
    };
  }),

  GetFunctionConfiguration: operation<GetFunctionConfigurationRequest, FunctionConfiguration>(
    (input, { region }) => functionView(store.get(region, input.FunctionName)),
  ),

  GetFunctionCodeSigningConfig: operation<
    GetFunctionCodeSigningConfigRequest,
    GetFunctionCodeSigningConfigResponse
  >((input, { region }) => ({
    CodeSigningConfigArn: "",
    FunctionName: store.get(region, input.FunctionName).name,
  })),

  ListFunctions: operation<ListFunctionsRequest, ListFunctionsResponse>((_input, { region }) => ({
    Functions: [...store.in(region).values()].map(functionView),
  })),

  ListVersionsByFunction: operation<ListVersionsByFunctionRequest, ListVersionsByFunctionResponse>(
    (input, { region }) => ({ Versions: [functionView(store.get(region, input.FunctionName))] }),
  ),
});

export const functionOperations = (
  context: LambdaContext,
): Readonly<Record<string, Operation>> => ({
  ...readOperations(context),

  CreateFunction: operation<CreateFunctionRequest, FunctionConfiguration>((input, { region }) => {
    const functions = context.store.in(region);
    const lambda = newFunction(input, region);
    if (functions.has(lambda.name))
      throw new AwsError(
        "ResourceConflictException",
        `Function already exist: ${lambda.name}`,
        409,
      );
    functions.set(lambda.name, lambda);
    deploy(context, lambda);
    return functionView(lambda);
  }),

  DeleteFunction: operation<DeleteFunctionRequest, object>(async (input, { region }) => {
    const lambda = context.store.get(region, input.FunctionName);
    context.store.in(region).delete(lambda.name);
    await context.runtime.remove(region, lambda.name);
    return {};
  }),
});
