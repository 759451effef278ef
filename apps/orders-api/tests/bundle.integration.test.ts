import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { httpEvent } from "./support/http-events.ts";

const bundle = fileURLToPath(new URL("../dist/bundle/index.mjs", import.meta.url));

/** Calls the bundled handler in a process of its own, as Lambda does. */
async function invoke(environment: Readonly<Record<string, string>>) {
  const script = `const { handler } = await import(${JSON.stringify(bundle)});
    const reply = await handler(${JSON.stringify(httpEvent("GET", "/health"))});
    console.log(JSON.stringify({ reply }));`;
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
    expect(line).toMatchObject({ level: "error", code: "configuration", requestId: "request-1" });
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
