import type { InvokeMessage } from "../functions/messages.ts";

/** The part of Lambda's context object that does not depend on who calls. */
export const invocationContext = (message: InvokeMessage) => {
  const functionName = message.functionArn.split(":").at(-1) ?? "";
  return {
    awsRequestId: message.requestId,
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: message.functionArn,
    memoryLimitInMB: process.env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] ?? "128",
    logGroupName: process.env["AWS_LAMBDA_LOG_GROUP_NAME"] ?? `/aws/lambda/${functionName}`,
    logStreamName: process.env["AWS_LAMBDA_LOG_STREAM_NAME"] ?? String(process.pid),
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, message.deadline - Date.now()),
  };
};

export type InvocationContext = ReturnType<typeof invocationContext>;
