import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { parseRdsEndpoint, type StackOutputs } from "@standby/topology";

/** What the application says about itself, `GET /health`. */
export interface Health {
  readonly region: string;
  readonly secret: { readonly arn: string; readonly versionId: string };
  readonly database: { readonly host: string; readonly target: string; readonly role: string };
}

/** The application answered, but not with what was asked for. */
export class OrdersApiError extends Error {
  override readonly name = "OrdersApiError";
}

/** What the application answered to a write. */
interface CreatedOrder {
  readonly id: string;
  /** `<identifier> in <region>` of the database that took it now; absent when it had been taken by an earlier attempt. */
  readonly database?: string;
}

/** One Region's orders application, called as a client calls it: through its function. */
export interface OrdersClient {
  readonly region: string;
  /** @throws whatever kept it from being acknowledged */
  create(key: string, signal: AbortSignal): Promise<CreatedOrder>;
  exists(orderId: string, signal: AbortSignal): Promise<boolean>;
  /** Ids in the application's order, at most 1000, and where the next page begins. */
  list(
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }>;
  health(signal: AbortSignal): Promise<Health>;
  close(): void;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface Request {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Response {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const pageSize = 1000;

export function createOrdersClient(
  outputs: Pick<StackOutputs, "region" | "functionName">,
  endpoint: string,
  credentials: Credentials,
): OrdersClient {
  // A client of the load sees each failure as it happens: retrying is the load's own decision.
  const client = new LambdaClient({
    region: outputs.region,
    endpoint,
    credentials,
    maxAttempts: 1,
  });
  const ask = async (request: Request, signal: AbortSignal): Promise<Response> => {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({
        FunctionName: outputs.functionName,
        Payload: JSON.stringify(toEvent(request)),
      }),
      { abortSignal: signal },
    );
    return readResponse(Payload, FunctionError);
  };
  return {
    region: outputs.region,
    create: async (key, signal) => readOrder(await ask(creation(key), signal)),
    exists: async (orderId, signal) => {
      const path = `/orders/${encodeURIComponent(orderId)}`;
      const response = await ask({ method: "GET", path }, signal);
      if (response.status === 404) return false;
      expectStatus(response, [200]);
      return true;
    },
    list: async (after, signal) => {
      const query = { limit: String(pageSize), ...(after === undefined ? {} : { after }) };
      return readPage(await ask({ method: "GET", path: "/orders", query }, signal));
    },
    health: async (signal) => readHealth(await ask({ method: "GET", path: "/health" }, signal)),
    close: () => client.destroy(),
  };
}

const creation = (key: string): Request => ({
  method: "POST",
  path: "/orders",
  headers: { "content-type": "application/json", "idempotency-key": key },
  body: { customer: "drill", amountCents: 1250 },
});

/** The event of a function URL or HTTP API, payload format 2.0. */
const toEvent = (request: Request): object => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: request.path,
  rawQueryString: new URLSearchParams(request.query).toString(),
  headers: request.headers ?? {},
  ...(request.query ? { queryStringParameters: request.query } : {}),
  requestContext: { http: { method: request.method, path: request.path, protocol: "HTTP/1.1" } },
  ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  isBase64Encoded: false,
});

function readResponse(payload: Uint8Array | undefined, functionError: string | undefined) {
  const answer = JSON.parse(Buffer.from(payload ?? []).toString("utf8") || "{}");
  // Only the class of the error: its message is the application's text and may quote anything.
  if (functionError !== undefined)
    throw new OrdersApiError(`the function failed: ${String(answer.errorType ?? functionError)}`);
  if (typeof answer.statusCode !== "number")
    throw new OrdersApiError("the function's answer has no statusCode");
  return { status: answer.statusCode, body: JSON.parse(answer.body || "{}") };
}

function expectStatus(response: Response, statuses: readonly number[]): void {
  if (statuses.includes(response.status)) return;
  const code = response.body["error"];
  throw new OrdersApiError(`HTTP ${response.status}${typeof code === "string" ? ` ${code}` : ""}`);
}

function readOrder(response: Response): CreatedOrder {
  expectStatus(response, [200, 201]);
  const { id, databaseHost } = response.body;
  if (typeof id !== "string" && typeof id !== "number")
    throw new OrdersApiError("an acknowledged order has no id");
  const place = typeof databaseHost === "string" ? parseRdsEndpoint(databaseHost) : undefined;
  // 200: the order that an earlier attempt left, with the database of that time.
  return response.status === 201 && place
    ? { id: String(id), database: `${place.identifier} in ${place.region}` }
    : { id: String(id) };
}

function readPage(response: Response) {
  expectStatus(response, [200]);
  const orders = response.body["orders"];
  if (!Array.isArray(orders)) throw new OrdersApiError("the list of orders has no orders");
  const next = response.body["next"];
  return {
    ids: orders.map((order: { readonly id: unknown }) => String(order.id)),
    next: next === undefined || next === null ? undefined : String(next),
  };
}

function readHealth(response: Response): Health {
  expectStatus(response, [200]);
  const { region, secret, database } = response.body as unknown as Partial<Health>;
  if (typeof region !== "string" || !secret?.arn || !database?.target)
    throw new OrdersApiError("the health answer lacks region, secret.arn or database.target");
  return { region, secret, database };
}
