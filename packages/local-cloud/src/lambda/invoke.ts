import type { InvocationRequest, InvocationResponse } from "@aws-sdk/client-lambda";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import type { LambdaContext } from "./context.ts";
import { invalidParameter, type LambdaFunction, notModelled } from "./function-state.ts";

/** Beyond the function's own timeout, which the runtime watches: starting an environment takes time too. */
const graceSeconds = 15;

export function requireActive(lambda: LambdaFunction): void {
  if (lambda.state === "Active") return;
  throw new AwsError(
    "ResourceConflictException",
    `The operation cannot be performed at this time. The function is currently in the following state: ${lambda.state}`,
    409,
  );
}

export const deadlineOf = (lambda: LambdaFunction): AbortSignal =>
  AbortSignal.timeout(((lambda.settings.Timeout ?? 3) + graceSeconds) * 1000);

function checkPayload(payload: Uint8Array): void {
  if (payload.length === 0) return;
  try {
    JSON.parse(Buffer.from(payload).toString("utf8"));
  } catch {
    throw new AwsError("InvalidRequestContentException", "Could not parse request body into json.");
  }
}

export const invokeOperation = ({
  store,
  runtime,
}: LambdaContext): Readonly<Record<string, Operation>> => ({
  Invoke: operation<InvocationRequest, InvocationResponse>(async (input, { region }) => {
    const lambda = store.get(region, input.FunctionName);
    const type = input.InvocationType ?? "RequestResponse";
    if (type === "Event") throw notModelled("Invoke with InvocationType Event");
    if (input.Qualifier !== undefined && input.Qualifier !== "$LATEST")
      throw notModelled("versions and aliases");
    if (!["RequestResponse", "DryRun"].includes(type))
      throw invalidParameter(`InvocationType ${type} is not valid.`);
    requireActive(lambda);
    const payload = input.Payload ?? new Uint8Array();
    checkPayload(payload);
    if (type === "DryRun") return { StatusCode: 204 };
    const result = await runtime.invoke(region, lambda.name, payload, deadlineOf(lambda));
    return {
      StatusCode: 200,
      FunctionError: result.functionError,
      LogResult:
        input.LogType === "Tail" ? Buffer.from(result.logTail).toString("base64") : undefined,
      Payload: result.payload as NonNullable<InvocationResponse["Payload"]>,
      ExecutedVersion: "$LATEST",
    };
  }),
});
