import { createDatabasePool } from "@standby/secret-access";
import { functionEnvironment } from "@standby/topology";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { Database } from "./database.ts";
import { createService, type Reply, type Request, type Route } from "./http.ts";
import { ordersMigrations, ordersRoutes } from "./orders.ts";

const region = process.env[functionEnvironment.regionName] ?? "";

/** One pool for as long as the environment lives. */
let opened: readonly Route[] | undefined;

const answer = createService({
  name: "orders-api",
  region,
  routes: () => {
    opened ??= ordersRoutes(
      new Database(createDatabasePool(), { migrations: ordersMigrations }),
      region,
    );
    return opened;
  },
});

/** The Lambda function of `orders-api` behind its Function URL: the same code in both Regions, told apart by its environment alone. */
export const handler = async (
  event: APIGatewayProxyEventV2,
  context?: { readonly awsRequestId: string },
): Promise<APIGatewayProxyStructuredResultV2> =>
  writeReply(await answer(readEvent(event, context?.awsRequestId)));

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
