import type {
  CreateFunctionUrlConfigRequest,
  CreateFunctionUrlConfigResponse,
  DeleteFunctionUrlConfigRequest,
  GetFunctionUrlConfigRequest,
  GetFunctionUrlConfigResponse,
  UpdateFunctionUrlConfigRequest,
  UpdateFunctionUrlConfigResponse,
} from "@aws-sdk/client-lambda";
import { randomCharacters } from "../identifiers.ts";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import type { LambdaContext } from "./context.ts";
import { type FunctionUrl, type LambdaFunction, notModelled } from "./function-state.ts";
import { answerOf, eventOf, type FunctionUrlCall } from "./function-url-event.ts";
import { deadlineOf, requireActive } from "./invoke.ts";

type Settings = Pick<UpdateFunctionUrlConfigRequest, "AuthType" | "InvokeMode" | "Cors">;

function checkSettings(operationName: string, { AuthType, InvokeMode, Cors }: Settings): void {
  // Anybody's calls, streams and browsers: nothing of the project has them.
  if (AuthType !== undefined && AuthType !== "AWS_IAM")
    throw notModelled(`${operationName} with AuthType ${AuthType}`);
  if (InvokeMode !== undefined && InvokeMode !== "BUFFERED")
    throw notModelled(`${operationName} with InvokeMode ${InvokeMode}`);
  if (Cors !== undefined) throw notModelled(`${operationName} with Cors`);
}

const view = ({ region, arn }: LambdaFunction, url: FunctionUrl) => ({
  FunctionUrl: `https://${url.id}.lambda-url.${region}.on.aws/`,
  FunctionArn: arn,
  AuthType: "AWS_IAM" as const,
  InvokeMode: "BUFFERED" as const,
  CreationTime: url.createdAt.toISOString(),
  LastModifiedTime: url.changedAt.toISOString(),
});

function urlOf(lambda: LambdaFunction): FunctionUrl {
  if (lambda.url) return lambda.url;
  throw new AwsError(
    "ResourceNotFoundException",
    "The resource you requested does not exist.",
    404,
  );
}

const forbidden = (): AwsError => new AwsError("AccessDeniedException", "Forbidden", 403);

/** Identity policies are not modelled: whoever signs with a key of the account may call. */
const invoke =
  ({ store, runtime }: LambdaContext): Operation =>
  async (parameters, { region, principal }) => {
    const call = parameters as unknown as FunctionUrlCall;
    const lambda = [...store.in(region).values()].find(({ url }) => url?.id === call.urlId);
    if (!lambda) throw forbidden();
    requireActive(lambda);
    const event = Buffer.from(JSON.stringify(eventOf(call, region, principal)));
    const result = await runtime.invoke(region, lambda.name, event, deadlineOf(lambda));
    if (result.functionError !== undefined)
      throw new AwsError("InternalServerErrorException", "Internal Server Error", 502);
    return answerOf(result.payload);
  };

/** The HTTPS address of a function. */
export const functionUrlOperations = (
  context: LambdaContext,
): Readonly<Record<string, Operation>> => ({
  CreateFunctionUrlConfig: operation<
    CreateFunctionUrlConfigRequest,
    CreateFunctionUrlConfigResponse
  >((input, { region }) => {
    const lambda = context.store.get(region, input.FunctionName);
    checkSettings("CreateFunctionUrlConfig", input);
    if (lambda.url)
      throw new AwsError(
        "ResourceConflictException",
        `Failed to create function url config for [functionArn = ${lambda.arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
        409,
      );
    const now = new Date();
    lambda.url = {
      id: randomCharacters(32, "letters").toLowerCase(),
      createdAt: now,
      changedAt: now,
    };
    return view(lambda, lambda.url);
  }),

  GetFunctionUrlConfig: operation<GetFunctionUrlConfigRequest, GetFunctionUrlConfigResponse>(
    (input, { region }) => {
      const lambda = context.store.get(region, input.FunctionName);
      return view(lambda, urlOf(lambda));
    },
  ),

  UpdateFunctionUrlConfig: operation<
    UpdateFunctionUrlConfigRequest,
    UpdateFunctionUrlConfigResponse
  >((input, { region }) => {
    const lambda = context.store.get(region, input.FunctionName);
    checkSettings("UpdateFunctionUrlConfig", input);
    lambda.url = { ...urlOf(lambda), changedAt: new Date() };
    return view(lambda, lambda.url);
  }),

  DeleteFunctionUrlConfig: operation<DeleteFunctionUrlConfigRequest, object>(
    (input, { region }) => {
      const lambda = context.store.get(region, input.FunctionName);
      urlOf(lambda);
      lambda.url = undefined;
      return {};
    },
  ),

  InvokeFunctionUrl: invoke(context),
});
