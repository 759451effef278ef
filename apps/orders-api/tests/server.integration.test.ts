import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  json,
  SecretsEndpoint,
} from "../../../packages/secret-access/tests/support/secrets-endpoint.ts";
import {
  allowedHosts,
  eastHost,
  secretValue,
  TwoRegions,
} from "../../../packages/secret-access/tests/support/two-regions.ts";

const program = fileURLToPath(new URL("../src/server.ts", import.meta.url));
const SecretString = JSON.stringify(secretValue("first-password"));

let regions: TwoRegions;
let secrets: SecretsEndpoint;
let folder: string;
let server: ChildProcess;
let output: Promise<string>;
let url: string;

/** The process plays DNS, the rest is real. */
const dns = () =>
  `data:text/javascript,${encodeURIComponent(`import { promises } from "node:dns";
  promises.resolveCname = async () => ["${eastHost}"];
  promises.resolve4 = async () => ["${regions.east.address}"];`)}`;

beforeAll(async () => {
  regions = await TwoRegions.start();
  await regions.reset();
  const secret = { ARN: "arn", VersionId: "v1", VersionStages: ["AWSCURRENT"], SecretString };
  secrets = await SecretsEndpoint.start(json(200, secret));
  folder = await mkdtemp(join(tmpdir(), "orders-api-test-"));
  await writeFile(join(folder, "ca.pem"), regions.authority);
  server = spawn(process.execPath, ["--import", dns(), program], {
    env: {
      PORT: "0",
      SECRET_NAME: "orders-prod/database",
      REGION_NAME: "us-west-2",
      DATABASE_HOSTS: allowedHosts.join(","),
      AWS_ENDPOINT_URL: secrets.url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  output = text(server.stdout as NonNullable<typeof server.stdout>);
  const [line] = (await once(server.stderr as NonNullable<typeof server.stderr>, "data")) as [
    Buffer,
  ];
  url = String(line).trim();
});
afterAll(async () => {
  server.kill("SIGKILL");
  await secrets.stop();
  await regions.stop();
  await rm(folder, { recursive: true });
});

const post = (key: string, body = '{"customer":"Ada","amountCents":100}') =>
  fetch(`${url}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8", "idempotency-key": key },
    body,
  });

describe("the local server", () => {
  it("answers as the function does", async () => {
    expect((await post("order-1")).status).toBe(201);
    const repeated = await post("order-1");
    expect(repeated.status).toBe(200);
    expect(await repeated.json()).toMatchObject({ id: "order-1", region: "us-west-2" });
    const list = await fetch(`${url}/orders?limit=1`);
    expect(await list.json()).toMatchObject({ orders: [{ id: "order-1" }], next: "order-1" });
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    expect((await fetch(`${url}/orders`, { method: "DELETE" })).headers.get("allow")).toBe(
      "POST, GET",
    );
    const health = await fetch(`${url}/health`);
    expect(await health.json()).toMatchObject({
      database: { role: "writer" },
      secret: { versionId: "v1" },
    });
  });

  it("refuses a body of any size beyond the limit, and goes on", async () => {
    for (const size of [16 * 1024 + 1, 3_000_000]) {
      // A sender of more than the sockets hold may see its connection end before it has read the answer.
      const status = await post("order-2", " ".repeat(size)).then(
        (response) => response.status,
        () => "ended",
      );
      expect(size > 100_000 ? [413, "ended"] : [413]).toContain(status);
    }
    expect((await fetch(`${url}/orders/order-2`)).status).toBe(404);
  });

  it("answers what has begun, closes its connections to the database and ends, when it is told to", async () => {
    const blocker = regions.pool();
    const connection = await blocker.getConnection();
    await connection.beginTransaction();
    await connection.query("SELECT * FROM orders WHERE id > 'order-1' FOR UPDATE");
    const waiting = post("order-9");
    const running = () =>
      regions.east.admin(
        "SELECT id FROM information_schema.processlist WHERE info LIKE 'INSERT INTO orders%'",
      );
    await vi.waitFor(async () => expect(await running()).toHaveLength(1), { timeout: 20_000 });
    server.kill("SIGTERM");
    await vi.waitFor(() => expect(fetch(`${url}/health`)).rejects.toThrow(), { timeout: 20_000 });
    const ended = once(server, "exit");
    await connection.rollback();
    connection.release();
    await blocker.end();
    expect((await waiting).status).toBe(201);
    expect(await ended).toEqual([0, null]);
    const log = await output;
    expect(log).toContain('"Route":"POST /orders"');
    expect(log).not.toContain("first-password");
    const logins = await regions.east.admin(
      "SELECT id FROM information_schema.processlist WHERE user='app'",
    );
    expect(logins).toEqual([]);
  });
});
