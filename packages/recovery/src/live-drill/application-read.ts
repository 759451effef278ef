import { InvokeCommand } from "@aws-sdk/client-lambda";
import type { StackOutputs } from "@standby/topology";
import type { RegionClients } from "../region-clients.ts";

/** What a Region's application uses at this moment, found by using it. */
export interface ApplicationRead {
  readonly target: string;
  readonly role: string;
  readonly secretVersionId: string;
}

interface Health {
  readonly secret?: { readonly versionId?: string };
  readonly database?: { readonly target?: string; readonly role?: string };
}

/**
 * Asks the application for its state, which it finds by opening a connection and reading from it. Nothing is written.
 *
 * @throws Error when the function fails or answers anything but 200
 */
export async function readThroughApplication(
  { lambda }: Pick<RegionClients, "lambda">,
  { functionName, region }: StackOutputs,
  signal: AbortSignal,
): Promise<ApplicationRead> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(healthEvent) }),
    { abortSignal: signal },
  );
  const answer = JSON.parse(Payload?.transformToString() || "{}") as {
    readonly statusCode?: number;
    readonly body?: string;
  };
  if (FunctionError !== undefined || answer.statusCode !== 200)
    throw new Error(
      `${functionName} in ${region} answered ${FunctionError ?? answer.statusCode ?? "nothing"}`,
    );
  const { secret, database } = JSON.parse(answer.body ?? "{}") as Health;
  return {
    target: database?.target ?? "unknown",
    role: database?.role ?? "unknown",
    secretVersionId: secret?.versionId ?? "",
  };
}

/** The event of a function URL or HTTP API, payload format 2.0. */
const healthEvent = {
  version: "2.0",
  routeKey: "$default",
  rawPath: "/health",
  rawQueryString: "",
  headers: {},
  requestContext: { http: { method: "GET", path: "/health", protocol: "HTTP/1.1" } },
  isBase64Encoded: false,
} as const;
