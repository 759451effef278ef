import type { IncomingHttpHeaders } from "node:http";
import type { Pool } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createDatabasePool } from "../src/index.ts";
import { failureOf, PoolsUnderTest, server } from "./support/pools-under-test.ts";
import { failure, json, SecretsEndpoint, silence } from "./support/secrets-endpoint.ts";
import { allowedHosts, secretValue } from "./support/two-regions.ts";

const test = new PoolsUnderTest();
const arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:orders-prod/database-AbCdEf";
const current = json(200, {
  ARN: arn,
  VersionId: "v1",
  VersionStages: ["AWSCURRENT"],
  SecretString: JSON.stringify(secretValue("first-password")),
});
const expired = failure(
  400,
  "ExpiredTokenException",
  "The security token included in the request is expired",
);
const skewed = failure(
  400,
  "InvalidSignatureException",
  "Signature expired: it is earlier than the server's clock allows",
);

let endpoint: SecretsEndpoint;
beforeAll(async () => {
  endpoint = await SecretsEndpoint.start(silence);
});
afterAll(() => endpoint.stop());
beforeEach(() => {
  endpoint.calls = 0;
  vi.stubEnv("AWS_ENDPOINT_URL", endpoint.url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDOLD");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
});
afterEach(() => vi.unstubAllEnvs());

/** A pool with the client that it makes itself. */
const open = (): Pool =>
  test.closeLater(
    createDatabasePool({
      secretId: arn,
      region: "us-west-2",
      allowedHosts,
      resolver: test.regions.resolver,
      ca: [test.regions.authority],
    }),
  );

describe("AWS credentials that have expired", () => {
  it("are replaced by those that the process has got meanwhile, without a failed request", async () => {
    endpoint.answer = (response, body, headers) => {
      const isOld = headers.authorization?.includes("AKIDOLD");
      // As a provider of short-lived credentials does between two calls.
      vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDNEW");
      (isOld ? expired : current)(response, body, headers);
    };
    const pool = open();
    expect(await server(pool)).toBe("east");
    expect(endpoint.calls).toBe(2);
  });

  it("are named by a typed error when there are no others, and leave open connections alone", async () => {
    endpoint.answer = current;
    const pool = open();
    const connection = await pool.getConnection();
    endpoint.answer = expired;
    expect(await server(connection)).toBe("east");
    connection.release();
    expect(await failureOf(open().query("SELECT 1"))).toMatchObject({ code: "credentials" });
  });

  it("do not stop new connections while the secret that was read may be used", async () => {
    endpoint.answer = current;
    const pool = open();
    const first = await pool.getConnection();
    endpoint.answer = expired;
    const second = await pool.getConnection();
    expect(await server(second)).toBe("east");
    first.release();
    second.release();
  });
});

describe("a clock that is wrong", () => {
  const minute = 60_000;
  const signedAt = (headers: IncomingHttpHeaders): number =>
    Date.parse(
      String(headers["x-amz-date"]).replace(
        /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
        "$1-$2-$3T$4:$5:$6Z",
      ),
    );

  it.each([20, -20])(
    "by %d minutes is made up for by the time that Secrets Manager tells",
    async (minutes) => {
      endpoint.answer = (response, body, headers) => {
        const theirs = Date.now() + minutes * minute;
        response.setHeader("date", new Date(theirs).toUTCString());
        const accepted = Math.abs(signedAt(headers) - theirs) < 5 * minute;
        (accepted ? current : skewed)(response, body, headers);
      };
      expect(await server(open())).toBe("east");
      expect(endpoint.calls).toBe(2);
    },
  );

  it("that no answer makes up for is named by a typed error", async () => {
    endpoint.answer = skewed;
    expect(await failureOf(open().query("SELECT 1"))).toMatchObject({ code: "clock-skew" });
  });
});
