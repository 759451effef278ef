import { randomUUID } from "node:crypto";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type LocalCloud, workload } from "@standby/local-cloud";

/** Writes through a Region's application, one after the other, until it is stopped. */
export interface OrderLoad {
  /** Keys whose order was acknowledged, with when. */
  readonly acknowledged: readonly { readonly key: string; readonly at: number }[];
  readonly failures: number;
  stop(): Promise<void>;
}

const pauseMilliseconds = 20;
const attemptMilliseconds = 15_000;

const clientFor = (cloud: LocalCloud, region: string) =>
  new LambdaClient({
    region,
    endpoint: cloud.endpoint,
    credentials: workload,
    maxAttempts: 1,
  });

const event = (method: string, path: string, more: object = {}) =>
  JSON.stringify({
    version: "2.0",
    rawPath: path,
    rawQueryString: "",
    headers: {},
    requestContext: { http: { method, path, protocol: "HTTP/1.1" } },
    isBase64Encoded: false,
    ...more,
  });

async function call(client: LambdaClient, payload: string) {
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName: "orders-prod-orders-api", Payload: payload }),
    { abortSignal: AbortSignal.timeout(attemptMilliseconds) },
  );
  if (FunctionError !== undefined) throw new Error(FunctionError);
  return JSON.parse(Payload?.transformToString() ?? "{}") as {
    readonly statusCode: number;
    readonly body: string;
  };
}

export function startOrderLoad(cloud: LocalCloud, region: string): OrderLoad {
  const client = clientFor(cloud, region);
  const acknowledged: { key: string; at: number }[] = [];
  let failures = 0;
  let stopped = false;
  const running = (async () => {
    while (!stopped) {
      const key = randomUUID();
      try {
        const { statusCode } = await call(
          client,
          event("POST", "/orders", {
            headers: { "content-type": "application/json", "idempotency-key": key },
            body: JSON.stringify({ customer: "load", amountCents: 100 }),
          }),
        );
        if (statusCode === 201 || statusCode === 200) acknowledged.push({ key, at: Date.now() });
        else failures += 1;
      } catch {
        failures += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    }
  })();
  return {
    acknowledged,
    get failures() {
      return failures;
    },
    async stop() {
      stopped = true;
      await running;
      client.destroy();
    },
  };
}

/** Every order's id that a Region's application reads, with repetitions if there were any. */
export async function readOrders(cloud: LocalCloud, region: string): Promise<readonly string[]> {
  const client = clientFor(cloud, region);
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const query = { limit: "1000", ...(after === undefined ? {} : { after }) };
    const { statusCode, body } = await call(
      client,
      event("GET", "/orders", {
        rawQueryString: new URLSearchParams(query).toString(),
        queryStringParameters: query,
      }),
    );
    if (statusCode !== 200) throw new Error(`GET /orders was answered with ${statusCode}: ${body}`);
    const page = JSON.parse(body) as {
      readonly orders: readonly { readonly id: string }[];
      readonly next?: string;
    };
    ids.push(...page.orders.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined && after !== null);
  client.destroy();
  return ids;
}

/** The longest time between two acknowledged writes, in seconds. */
export const longestPause = ({ acknowledged }: Pick<OrderLoad, "acknowledged">): number =>
  acknowledged.reduce(
    (longest, { at }, index) =>
      Math.max(longest, index === 0 ? 0 : (at - (acknowledged[index - 1]?.at ?? at)) / 1000),
    0,
  );
