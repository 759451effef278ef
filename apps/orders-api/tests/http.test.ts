import {
  ConfigurationError,
  DatabaseUnreachableError,
  OutcomeUnknownError,
  SecretUnavailableError,
} from "@standby/secret-access";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ReadOnlyDatabaseError } from "../src/database.ts";
import { createService, Refusal, type Reply, type Route } from "../src/http.ts";
import { request } from "./support/requests.ts";

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
});
const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

const serve = (answer: Route["answer"]) =>
  createService({
    name: "orders-api",
    region: "us-west-2",
    routes: () => [
      { method: "GET", path: "/things", answer },
      { method: "POST", path: "/things", answer },
      { method: "GET", path: "/things/{id}", answer },
    ],
  });
const echo = serve(async ({ parameters }) => ({ status: 200, body: parameters }));
const failing = (error: unknown) => serve(() => Promise.reject(error))(request("GET", "/things"));

describe("a request", () => {
  it.each([
    ["GET", "/things/a%20b", { id: "a b" }],
    ["get", "/things/%C3%BC", { id: "ü" }],
    ["GET", "/things/a%2Fb", { id: "a/b" }],
    ["GET", "/things/", {}],
  ])("%s %s reaches its route with the decoded parameters", async (method, path, body) => {
    expect(await echo(request(method, path))).toMatchObject({ status: 200, body });
  });

  it.each(["/", "/thing", "/things/a/b", "//", "/THINGS"])(
    "to %s is answered 404",
    async (path) => {
      expect(await echo(request("GET", path))).toMatchObject({
        status: 404,
        body: { error: "not-found", message: "path: use /things, /things/{id}" },
      });
    },
  );

  it.each([
    ["DELETE", "/things", "GET, POST"],
    ["POST", "/things/a", "GET"],
    ["HEAD", "/things/a", "GET"],
  ])("%s %s is answered 405 with what is allowed", async (method, path, allow) => {
    expect(await echo(request(method, path))).toMatchObject({
      status: 405,
      headers: { allow },
      body: { error: "method-not-allowed" },
    });
  });

  it("whose path cannot be decoded is answered 400", async () => {
    expect((await echo(request("GET", "/things/%E0%A4%A"))).status).toBe(400);
  });

  it("is answered with its id and the Region", async () => {
    expect((await echo(request("GET", "/things"))).headers).toEqual({
      "x-request-id": "request-1",
      "x-region": "us-west-2",
    });
  });
});

describe("a failure", () => {
  it.each([
    [new OutcomeUnknownError("outcome-unknown", "the answer was lost"), "outcome-unknown"],
    [new ReadOnlyDatabaseError(), "database-read-only"],
    [Object.assign(new Error("read-only"), { errno: 1290 }), "database-read-only"],
    [Object.assign(new Error(), { code: "PROTOCOL_CONNECTION_LOST" }), "database-unreachable"],
    [Object.assign(new Error("closed state"), { fatal: true }), "database-unreachable"],
    [new DatabaseUnreachableError("connecting", "refused"), "database-unreachable"],
    [Object.assign(new SecretUnavailableError("network", "no answer"), { fatal: true }), "network"],
    [Object.assign(new Error("full"), { errno: 1040, fatal: true }), "database-busy"],
    [Object.assign(new Error("deadlock"), { errno: 1213 }), "database-busy"],
    [Object.assign(new Error("killed"), { errno: 1317 }), "database-busy"],
  ])("that passes is answered 503 with Retry-After: %s", async (error, code) => {
    expect(await failing(error)).toMatchObject({
      status: 503,
      headers: { "retry-after": "1" },
      body: { error: code },
    });
    expect(logged()[0]).toMatchObject({ level: "error", status: 503, code, Faults: 1 });
  });

  it("that does not pass is answered 500, and shows nothing of it", async () => {
    const reply: Reply = await failing(new Error("hunter2"));
    expect(reply.status).toBe(500);
    expect(reply.body).toEqual({ error: "internal", message: "the request failed: see the log" });
    expect((await failing(new ConfigurationError("configuration", "set X"))).status).toBe(500);
  });

  it("of a wrong configuration is answered too, and mended by the next request that finds it right", async () => {
    let routes = (): readonly Route[] => {
      throw new ConfigurationError("configuration", "set SECRET_NAME");
    };
    const service = createService({ name: "x", region: "r", routes: () => routes() });
    expect((await service(request("GET", "/"))).status).toBe(500);
    expect(lines[0]).toContain("set SECRET_NAME");
    routes = () => [];
    expect((await service(request("GET", "/"))).status).toBe(404);
  });
});

describe("the log", () => {
  it("has one line for each request, which CloudWatch reads as metrics", async () => {
    await echo(request("GET", "/things/secret-id"));
    await echo(request("GET", "/things"));
    expect(logged()).toMatchObject([
      {
        level: "info",
        message: "request",
        requestId: "request-1",
        status: 200,
        coldStart: expect.any(Boolean),
        Region: "us-west-2",
        Route: "GET /things/{id}",
        Latency: expect.any(Number),
        Faults: 0,
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: "orders-api",
              Dimensions: [["Region"], ["Region", "Route"]],
              Metrics: [
                { Name: "Latency", Unit: "Milliseconds" },
                { Name: "Faults", Unit: "Count" },
              ],
            },
          ],
        },
      },
      { coldStart: false },
    ]);
    expect(lines.join()).not.toContain("secret-id");
  });

  it("says of an error of the driver its numbers and where, not its text, statement or parameters", async () => {
    const error = Object.assign(new Error("Duplicate entry 'hunter2' for key"), {
      errno: 1064,
      sqlState: "42000",
      sql: "INSERT 'hunter2'",
      cause: new Error("hunter2"),
    });
    await failing(error);
    expect(lines.join()).not.toContain("hunter2");
    expect(logged()[0]).toMatchObject({
      status: 500,
      error: {
        name: "Error",
        errno: 1064,
        sqlState: "42000",
        at: [expect.stringContaining("at "), ...Array(4).fill(expect.anything())],
      },
    });
  });

  it("names the code of a refusal", async () => {
    await failing(new Refusal(409, "idempotency-key-reused", "taken"));
    expect(logged()[0]).toMatchObject({
      level: "info",
      status: 409,
      code: "idempotency-key-reused",
      Faults: 0,
    });
  });
});
