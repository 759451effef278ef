import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createOrdersClient, OrdersApiError, type OrdersClient } from "../src/orders-client.ts";
import { stackOutputs } from "./good-evidence.ts";

const open: { readonly server: Server; readonly client: OrdersClient }[] = [];
afterEach(() => {
  for (const { server, client } of open.splice(0)) {
    client.close();
    server.closeAllConnections();
    server.close();
  }
});

interface Seen {
  path: string;
  authorization: string;
  event: Record<string, unknown>;
}

/** A function that answers everything with the given result. */
async function functionThat(answers: object, headers: Record<string, string> = {}) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { url = "", headers: sent } = request;
      seen.push({ path: url, authorization: sent.authorization ?? "", event: JSON.parse(body) });
      response.writeHead(200, headers).end(JSON.stringify(answers));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createOrdersClient(stackOutputs("recovery"), endpoint, {
    accessKeyId: "AKIALOCALWORKLOAD000",
    secretAccessKey: "not-a-secret",
  });
  open.push({ server, client });
  return { client, seen };
}

const http = (statusCode: number, body: object) => ({ statusCode, body: JSON.stringify(body) });
const { signal } = new AbortController();

it("creates an order with its idempotency key, signed as the load for the Region", async () => {
  const { client, seen } = await functionThat(http(201, { id: "42" }));
  expect(await client.create("key-1", signal)).toEqual({ id: "42" });
  expect(seen[0]?.path).toContain("/functions/orders-prod-orders-api/invocations");
  expect(seen[0]?.authorization).toMatch(/AKIALOCALWORKLOAD000\/\d+\/us-west-2\/lambda/);
  expect(seen[0]?.event).toMatchObject({
    version: "2.0",
    rawPath: "/orders",
    headers: { "idempotency-key": "key-1" },
    requestContext: { http: { method: "POST" } },
  });
});

it("tells which database took an order, and not which one had taken it before", async () => {
  const databaseHost = "orders-prod-2.c1.us-west-2.rds.amazonaws.com";
  const created = await functionThat(http(201, { id: "42", databaseHost }));
  expect(await created.client.create("key-1", signal)).toEqual({
    id: "42",
    database: "orders-prod-2 in us-west-2",
  });
  const repeated = await functionThat(http(200, { id: "42", databaseHost }));
  expect(await repeated.client.create("key-1", signal)).toEqual({ id: "42" });
});

it("takes a repeated creation for an acknowledgement", async () => {
  const { client } = await functionThat(http(200, { id: "42" }));
  expect(await client.create("key-1", signal)).toEqual({ id: "42" });
});

it("does not take a refusal for an acknowledgement", async () => {
  const { client } = await functionThat(http(503, { error: "DatabaseUnreachable" }));
  await expect(client.create("key-1", signal)).rejects.toThrow("HTTP 503 DatabaseUnreachable");
});

it("does not take an acknowledgement without an id", async () => {
  const { client } = await functionThat(http(201, {}));
  await expect(client.create("key-1", signal)).rejects.toThrow(OrdersApiError);
});

it("keeps a failed function's own message to itself", async () => {
  const { client } = await functionThat(
    { errorType: "TypeError", errorMessage: "password=hunter2" },
    { "x-amz-function-error": "Unhandled" },
  );
  await expect(client.create("key-1", signal)).rejects.toThrow(/^the function failed: TypeError$/);
});

it.each([
  [200, true],
  [404, false],
])("reads an order: %i means %s", async (status, exists) => {
  const { client } = await functionThat(http(status, {}));
  expect(await client.exists("a/b", signal)).toBe(exists);
});

it("does not take an error for a missing order", async () => {
  const { client } = await functionThat(http(503, {}));
  await expect(client.exists("1", signal)).rejects.toThrow("HTTP 503");
});

it("lists a page and where the next one begins", async () => {
  const { client, seen } = await functionThat(http(200, { orders: [{ id: "8" }], next: "8" }));
  expect(await client.list("7", signal)).toEqual({ ids: ["8"], next: "8" });
  expect(seen[0]?.event).toMatchObject({
    rawQueryString: "limit=1000&after=7",
    queryStringParameters: { after: "7", limit: "1000" },
  });
});

it("ends the list when there is no next page", async () => {
  const { client } = await functionThat(http(200, { orders: [] }));
  expect(await client.list(undefined, signal)).toEqual({ ids: [], next: undefined });
});

it("reads health, and refuses one that lacks what the checks need", async () => {
  const health = {
    region: "us-west-2",
    secret: { arn: "arn", versionId: "v" },
    database: { host: "h", target: "t", role: "writer" },
  };
  const good = await functionThat(http(200, health));
  expect(await good.client.health(signal)).toEqual(health);
  const bad = await functionThat(http(200, { region: "us-west-2" }));
  await expect(bad.client.health(signal)).rejects.toThrow(/lacks/);
});
