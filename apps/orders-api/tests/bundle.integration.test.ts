import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  json,
  SecretsEndpoint,
  silence,
} from "../../../packages/secret-access/tests/support/secrets-endpoint.ts";
import {
  allowedHosts,
  cname,
  eastHost,
  secretValue,
  TwoRegions,
} from "../../../packages/secret-access/tests/support/two-regions.ts";
import { httpEvent } from "./support/http-events.ts";

const bundle = fileURLToPath(new URL("../dist/bundle/index.mjs", import.meta.url));

/** Calls the bundled handler in a process of its own, as Lambda does; DNS is played, the rest is real. */
async function invoke(
  environment: Readonly<Record<string, string>>,
  events: readonly object[] = [httpEvent("GET", "/health")],
  dns: { readonly target: string; readonly address: string } = { target: "", address: "" },
) {
  const script = `import { promises } from "node:dns";
    promises.resolveCname = async () => [${JSON.stringify(dns.target)}];
    promises.resolve4 = async () => [${JSON.stringify(dns.address)}];
    const { handler } = await import(${JSON.stringify(bundle)});
    for (const event of ${JSON.stringify(events)})
      console.log(JSON.stringify({ reply: await handler(event) }));
    process.exit();`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", script],
    { env: { ...environment, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" } },
  );
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** As X-Ray's daemon takes it. */
interface Subsegment {
  readonly name: string;
  readonly id: string;
  readonly trace_id: string;
  readonly parent_id: string;
  readonly metadata: { readonly default: Readonly<Record<string, unknown>> };
}

describe("the bundle", () => {
  it("loads as an ES module and answers what its environment lacks", async () => {
    const [line, result] = await invoke({});
    expect(line).toMatchObject({
      level: "error",
      code: "internal",
      requestId: "request-1",
      error: { code: "configuration" },
    });
    expect(JSON.stringify(line)).toContain("SECRET_NAME, REGION_NAME, DATABASE_HOSTS");
    expect(result).toMatchObject({ reply: { statusCode: 500 } });
  });

  it("makes a real call to Secrets Manager of its own Region and types its failure", async () => {
    const [line, result] = await invoke({
      SECRET_NAME:
        "arn:aws:secretsmanager:us-west-2:123456789012:secret:orders-prod/database-AbCdEf",
      REGION_NAME: "us-west-2",
      DATABASE_HOSTS: "orders-prod-*.d4e5f6.us-west-2.rds.amazonaws.com",
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    });
    expect(line).toMatchObject({ code: "network" });
    expect(result).toMatchObject({ reply: { statusCode: 503 } });
  });
});

describe("the bundle with a database", () => {
  const arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:orders-prod/database-AbCdEf";
  let regions: TwoRegions;
  let endpoint: SecretsEndpoint;
  let folder: string;

  beforeAll(async () => {
    regions = await TwoRegions.start();
    await regions.reset();
    endpoint = await SecretsEndpoint.start(silence);
    folder = await mkdtemp(join(tmpdir(), "orders-api-test-"));
    await writeFile(join(folder, "ca.pem"), regions.authority);
  });
  afterAll(async () => {
    await regions.stop();
    await endpoint.stop();
    await rm(folder, { recursive: true });
  });

  const environment = () => {
    endpoint.answer = json(200, {
      ARN: arn,
      VersionId: "v1",
      VersionStages: ["AWSCURRENT"],
      SecretString: JSON.stringify(secretValue("first-password")),
    });
    return {
      SECRET_NAME: arn,
      REGION_NAME: "us-west-2",
      DATABASE_HOSTS: allowedHosts.join(","),
      AWS_ENDPOINT_URL: endpoint.url,
      NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
    };
  };

  it("writes an order with nothing but its environment, and trusts NODE_EXTRA_CA_CERTS", async () => {
    const lines = await invoke(
      environment(),
      [
        httpEvent("POST", "/orders", {
          headers: { "idempotency-key": "order-1" },
          body: '{"customer":"Ada","amountCents":100}',
        }),
        httpEvent("GET", "/health"),
      ],
      { target: eastHost, address: regions.east.address },
    );
    expect(lines[1]).toMatchObject({ reply: { statusCode: 201 } });
    const health = lines[3]?.["reply"] as { readonly body: string } | undefined;
    expect(JSON.parse(health?.body ?? "{}")).toEqual({
      region: "us-west-2",
      secret: { arn, versionId: "v1" },
      database: { host: cname, target: eastHost, role: "writer" },
    });
    expect(JSON.stringify(lines)).not.toContain("first-password");
  });

  it("sends one trace for a request to the daemon beside it: the request, the secret's read, the queries, and nothing secret", async () => {
    const daemon = createSocket("udp4");
    const documents: string[] = [];
    daemon.on("message", (message) => documents.push(String(message)));
    daemon.bind(0, "127.0.0.1");
    await once(daemon, "listening");
    const lines = await invoke(
      {
        ...environment(),
        _X_AMZN_TRACE_ID:
          "Root=1-67443c2b-0123456789abcdef01234567;Parent=89abcdef01234567;Sampled=1",
        AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
      },
      [
        httpEvent("POST", "/orders", {
          headers: { "idempotency-key": "order-9" },
          body: '{"customer":"Grace","amountCents":900}',
        }),
      ],
      { target: eastHost, address: regions.east.address },
    );
    expect(lines[1]).toMatchObject({ reply: { statusCode: 201 } });
    await vi.waitFor(() => expect(documents.join()).toContain("POST /orders"), 5_000);
    daemon.close();

    const spans = documents.map((text) => JSON.parse(text.split("\n")[1] ?? "") as Subsegment);
    const root = spans.find(({ name }) => name === "POST /orders");
    expect(root).toMatchObject({
      parent_id: "89abcdef01234567",
      metadata: { default: { "http.response.status_code": 201 } },
    });
    for (const span of spans) expect(span.trace_id).toBe("1-67443c2b-0123456789abcdef01234567");
    const inner = spans.filter((span) => span !== root);
    for (const span of inner) expect(span.parent_id).toBe(root?.id);
    expect(inner.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["SecretsManager GetSecretValue", "mysql INSERT"]),
    );
    for (const span of inner.filter(({ name }) => name.startsWith("mysql ")))
      expect(span.metadata.default).toMatchObject({ "db.system.name": "mysql" });
    expect(documents.join()).not.toMatch(/first-password|Grace|order-9|\b900\b/);
  });
});
