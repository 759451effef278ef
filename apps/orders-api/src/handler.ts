import { createDatabasePool } from "@standby/secret-access";
import { functionEnvironment } from "@standby/topology";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { failureCode, failureReply } from "./failures.ts";
import { describeError, log } from "./log.ts";
import { route, type Service } from "./router.ts";
import { type HttpReply, readEvent, writeReply } from "./routes/http-event.ts";

/** One pool for as long as the environment lives; made at the first request, so that a wrong configuration is answered. */
let service: Service | undefined;

function openService(): Service {
  service ??= {
    pool: createDatabasePool(),
    region: process.env[functionEnvironment.regionName] ?? "",
  };
  return service;
}

/** The Lambda function of `orders-api`: the same code in both Regions, told apart by its environment alone. */
export async function handler(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const started = performance.now();
  const { requestId, http } = event.requestContext;
  const facts = { requestId, method: http.method, path: event.rawPath };
  let reply: HttpReply;
  let failure = {};
  try {
    reply = await route(readEvent(event), openService());
  } catch (error) {
    reply = failureReply(error);
    failure = { code: failureCode(error), error: describeError(error) };
  }
  const milliseconds = Math.round(performance.now() - started);
  log(reply.status >= 500 ? "error" : "info", "request", {
    ...facts,
    status: reply.status,
    milliseconds,
    ...failure,
  });
  return writeReply(reply);
}
