import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type LocalCloud, operator } from "@standby/local-cloud";

/** One client that writes without a break through one Region's application, and notes when each write was acknowledged. */
export interface OrderLoad {
  readonly acknowledgedAt: readonly number[];
  /** Resolves with the time of the first write that was begun after this moment and acknowledged. */
  firstAfter(moment: number): Promise<number>;
  stop(): Promise<void>;
}

const pauseMilliseconds = 20;
const requestMilliseconds = 10_000;

export function startOrderLoad(
  { endpoint }: LocalCloud,
  { region, functionName }: { readonly region: string; readonly functionName: string },
): OrderLoad {
  const client = new LambdaClient({ region, endpoint, credentials: operator, maxAttempts: 1 });
  const ended = new AbortController();
  const acknowledgedAt: number[] = [];
  const waiting = new Set<{ moment: number; resolve: (at: number) => void }>();
  const write = async (): Promise<void> => {
    const began = Date.now();
    const { Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: orderEvent() }),
      { abortSignal: AbortSignal.any([ended.signal, AbortSignal.timeout(requestMilliseconds)]) },
    );
    const { statusCode } = JSON.parse(Payload?.transformToString() ?? "{}") as {
      readonly statusCode?: number;
    };
    if (statusCode !== 201) return;
    const now = Date.now();
    acknowledgedAt.push(now);
    for (const each of [...waiting])
      if (began >= each.moment) {
        waiting.delete(each);
        each.resolve(now);
      }
  };
  const running = (async () => {
    while (!ended.signal.aborted) {
      // What fails is what the bench waits out.
      await write().catch(() => undefined);
      await sleep(pauseMilliseconds);
    }
  })();
  return {
    acknowledgedAt,
    firstAfter: (moment) => new Promise((resolve) => waiting.add({ moment, resolve })),
    async stop() {
      ended.abort();
      await running;
      client.destroy();
    },
  };
}

const orderEvent = (): string =>
  JSON.stringify({
    version: "2.0",
    rawPath: "/orders",
    headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
    requestContext: { http: { method: "POST", path: "/orders", protocol: "HTTP/1.1" } },
    body: JSON.stringify({ customer: "bench", amountCents: 1250 }),
  });

/** The longest time without an acknowledged write, and when it ended. */
export function longestPause(acknowledgedAt: readonly number[]): {
  readonly seconds: number;
  readonly endedAt: number;
} {
  let longest = { seconds: 0, endedAt: acknowledgedAt[0] ?? 0 };
  for (const [index, endedAt] of acknowledgedAt.entries()) {
    const seconds = (endedAt - (acknowledgedAt[index - 1] ?? endedAt)) / 1000;
    if (seconds > longest.seconds) longest = { seconds, endedAt };
  }
  return longest;
}
