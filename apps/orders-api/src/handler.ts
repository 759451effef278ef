import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import {
  createDatabasePool,
  createSecretsClient,
  type DatabasePoolOptions,
} from "@standby/secret-access";
import { functionEnvironment } from "@standby/topology";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { Database } from "./database.ts";
import { createService, type Reply, type Request, type Route } from "./http.ts";
import { ordersMigrations, ordersRoutes } from "./orders.ts";
import { traceParent } from "./trace-parent.ts";
import { traceQueries, traceSecretReads } from "./traces.ts";

const region = process.env[functionEnvironment.regionName] ?? "";
traceQueries();

/** One pool for as long as the environment lives. */
let opened: readonly Route[] | undefined;

/** Without a Region the pool says what is missing; a client would only say that it cannot be made. */
const tracedPool = (): DatabasePoolOptions =>
  region === "" ? {} : { client: traceSecretReads(createSecretsClient(region), region) };

const answer = createService({
  name: "orders-api",
  region,
  routes: () => {
    opened ??= ordersRoutes(
      new Database(createDatabasePool(tracedPool()), { migrations: ordersMigrations }),
      region,
    );
    return opened;
  },
});

/** The Lambda function of `orders-api` behind its Function URL: the same code in both Regions, told apart by its environment alone. */
export const handler = async (
  event: APIGatewayProxyEventV2,
  invocation?: { readonly awsRequestId: string },
): Promise<APIGatewayProxyStructuredResultV2> =>
  inTrace(async () => writeReply(await answer(readEvent(event, invocation?.awsRequestId))));

/** Within the trace that Lambda has begun, when it has: what exports it is loaded with the first such invocation. */
async function inTrace<T>(work: () => Promise<T>): Promise<T> {
  const { _X_AMZN_TRACE_ID: header, AWS_XRAY_DAEMON_ADDRESS: daemon } = process.env;
  const parent = traceParent(header);
  if (!(parent && daemon)) return work();
  const { exportTraces } = await import("./trace-export.ts");
  const sent = exportTraces(daemon);
  try {
    return await context.with(trace.setSpanContext(ROOT_CONTEXT, parent), work);
  } finally {
    // What is left when the answer has gone stays until the next invocation, or for ever.
    await sent();
  }
}

/** Payload format 2.0: Function URL and HTTP API. Whoever invokes the function itself may leave the request's id out. */
export const readEvent = (event: APIGatewayProxyEventV2, invocationId = "none"): Request => ({
  id: event.requestContext.requestId ?? invocationId,
  method: event.requestContext.http.method,
  path: event.rawPath,
  query: event.queryStringParameters ?? {},
  headers: Object.fromEntries(
    Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]),
  ),
  body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
});

export const writeReply = ({
  status,
  headers,
  body,
}: Reply): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});
