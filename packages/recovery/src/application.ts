import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { StackOutputs } from "@standby/topology";
import { callWithin } from "./call-within.ts";
import { RecoveryError } from "./errors.ts";

/** It understood and said no: asking again would be answered the same. */
export class ApplicationRefusedError extends RecoveryError {
  override readonly name = "ApplicationRefusedError";
}

const invocationSeconds = 20;

/**
 * An order, written by a Region's application as a client of it would: the only proof that it uses its copy of the secret, follows the
 * name, and writes. The same mark is the same order, however often it is sent.
 *
 * @throws RecoveryError with the status that the application answered
 */
export async function writeOrder(
  lambda: LambdaClient,
  { functionName, region }: StackOutputs,
  mark: string,
  signal: AbortSignal,
): Promise<void> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(orderEvent(mark)) }),
    callWithin(invocationSeconds, signal),
  );
  if (FunctionError !== undefined)
    throw new RecoveryError(`the function ${functionName} in ${region} failed`);
  const answer = JSON.parse(Payload?.transformToString() || "{}") as {
    readonly statusCode?: number;
    readonly body?: string;
  };
  if (answer.statusCode === 200 || answer.statusCode === 201) return;
  const status = answer.statusCode ?? 0;
  const Refusal = status >= 400 && status < 500 ? ApplicationRefusedError : RecoveryError;
  throw new Refusal(
    `the function ${functionName} in ${region} answered ${answer.statusCode ?? "nothing"}${codeIn(answer.body)}`,
  );
}

/** Only the code: the rest is the application's text and may quote anything. */
function codeIn(body: string | undefined): string {
  try {
    const { error } = JSON.parse(body ?? "{}") as { readonly error?: unknown };
    return typeof error === "string" && /^[\w-]+$/.test(error) ? ` ${error}` : "";
  } catch {
    return "";
  }
}

/** The event of a function URL or HTTP API, payload format 2.0. */
const orderEvent = (mark: string): object => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: "/orders",
  rawQueryString: "",
  headers: { "content-type": "application/json", "idempotency-key": mark },
  requestContext: { http: { method: "POST", path: "/orders", protocol: "HTTP/1.1" } },
  body: JSON.stringify({ customer: "standby", amountCents: 1 }),
  isBase64Encoded: false,
});
