import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

  it("writes an order with nothing but its environment, and trusts NODE_EXTRA_CA_CERTS", async () => {
    endpoint.answer = json(200, {
      ARN: arn,
      VersionId: "v1",
      VersionStages: ["AWSCURRENT"],
      SecretString: JSON.stringify(secretValue("first-password")),
    });
    const lines = await invoke(
      {
        SECRET_NAME: arn,
        REGION_NAME: "us-west-2",
        DATABASE_HOSTS: allowedHosts.join(","),
        AWS_ENDPOINT_URL: endpoint.url,
        NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
      },
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
});
