import { afterEach, expect, it } from "vitest";
import { type Attempt, acknowledgements, History } from "../src/history.ts";
import type { OrdersClient } from "../src/orders-client.ts";
import { Workload } from "../src/workload.ts";

type Create = OrdersClient["create"];

const client = (region: string, create: Create): OrdersClient => ({
  region,
  create,
  exists: async () => true,
  list: async () => ({ ids: [], next: undefined }),
  health: () => Promise.reject(new Error("not asked for here")),
  close: () => undefined,
});

const works: Create = async (key) => ({ id: `order-${key}` });
const refuses: Create = async () => {
  throw new Error("refused");
};
const hangs: Create = (_key, signal) =>
  new Promise((_resolve, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
  );

const running: Workload[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((workload) => workload.abort()));
});

function load(east: Create, west: Create, options: { requestSeconds?: number } = {}) {
  const history = new History();
  const clients = { east: client("east", east), west: client("west", west) };
  const workload = new Workload({
    clients: [clients.east, clients.west],
    history,
    paceMilliseconds: 1,
    retryMilliseconds: 2,
    ...options,
  });
  running.push(workload);
  const next = (fits: (attempt: Attempt) => boolean) =>
    history.next(fits, AbortSignal.timeout(5000));
  workload.start();
  return { history, workload, next, clients };
}

it("writes each order once through the primary Region and reads through both", async () => {
  const { history, workload, next } = load(works, works);
  await next((each) => each.kind === "read" && each.region === "east");
  await next((each) => each.kind === "read" && each.region === "west");
  await workload.stop();
  const writes = acknowledgements(history.attempts);
  expect(new Set(writes.map((each) => each.region))).toEqual(new Set(["east"]));
  expect(new Set(writes.map((each) => each.key)).size).toBe(writes.length);
});

it("tries a refused write again with the same key until it is acknowledged", async () => {
  const refused = new Set<string>();
  const firstRefused: Create = (key, signal) => {
    if (refused.has(key) || refused.size >= 2) return works(key, signal);
    refused.add(key);
    return refuses(key, signal);
  };
  const { history, workload, next } = load(firstRefused, works);
  for (const _ of [1, 2]) {
    const again = await next((e) => e.kind === "write" && !!e.orderId && refused.has(e.key));
    expect(again).toMatchObject({ region: "east" });
  }
  await workload.stop();
  const keys = acknowledgements(history.attempts).map((each) => each.key);
  expect(refused.size).toBe(2);
  for (const key of refused) expect(keys.filter((each) => each === key)).toHaveLength(1);
});

it("gives hanging requests up on failover and writes the same keys through the recovery Region", async () => {
  const { history, workload, next, clients } = load(hangs, works);
  workload.use([clients.west]);
  await next((each) => each.kind === "write" && each.region === "west");
  await next((each) => each.kind === "write" && each.region === "west");
  await workload.stop();
  const abandoned = history.attempts.filter((each) => each.region === "east");
  const west = new Set(acknowledgements(history.attempts).map((each) => each.key));
  expect(abandoned).toHaveLength(2);
  for (const attempt of abandoned) expect(west).toContain(attempt.kind === "write" && attempt.key);
});

it("keeps trying through the recovery Region while it refuses", async () => {
  const { history, workload, next, clients } = load(works, refuses);
  workload.use([clients.west]);
  for (let tries = 0; tries < 6; tries += 1)
    await next((each) => each.kind === "write" && each.region === "west");
  await workload.stop();
  expect(acknowledgements(history.attempts).some((each) => each.region === "west")).toBe(false);
});

it("gives up a request that is not answered in time", async () => {
  const { workload, next } = load(hangs, works, { requestSeconds: 0.05 });
  expect(await next((each) => each.kind === "write")).toMatchObject({ detail: "DeadlineError" });
  await workload.abort();
});

it("asks no more after it was stopped", async () => {
  const { history, workload, next } = load(works, works);
  await next((each) => each.kind === "read");
  await workload.stop();
  const ended = history.attempts.length;
  await new Promise((resolve) => setImmediate(resolve));
  expect(history.attempts).toHaveLength(ended);
});
