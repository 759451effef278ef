import type { DatabaseSecret } from "@standby/topology";
import { describe, expect, it } from "vitest";
import { CredentialsOrder } from "../src/credentials-order.ts";
import { decodeDatabaseSecret } from "../src/database-secret-value.ts";
import { SecretReader } from "../src/index.ts";
import { FakeSecrets } from "./support/fake-secrets.ts";

const target = "orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com";
const secret = (password: string): DatabaseSecret => ({
  engine: "mysql",
  host: "db.orders.internal",
  port: 3306,
  username: "app",
  password,
  dbname: "orders",
});

function setUp() {
  const secrets = new FakeSecrets();
  const clock = { now: 1_800_000_000_000 };
  const reader = new SecretReader({
    secretId: secrets.arn,
    region: "us-west-2",
    decode: decodeDatabaseSecret,
    client: secrets.client,
    now: () => clock.now,
  });
  secrets.put("v1", ["AWSCURRENT"], secret("one"));
  return { secrets, clock, order: new CredentialsOrder(reader, () => clock.now) };
}

/** All versions that one login goes through when the server accepts the given ones only. */
async function login(order: CredentialsOrder, accepted: readonly string[]): Promise<string[]> {
  const tried: string[] = [];
  for (;;) {
    const credentials = await order.next(target, new Set(tried));
    if (!credentials) return [...tried, "(none)"];
    tried.push(credentials.versionId);
    if (!accepted.includes(credentials.versionId)) continue;
    order.accepted(target, credentials);
    return tried;
  }
}

describe("CredentialsOrder", () => {
  it("tries AWSCURRENT, its refreshed value, AWSPENDING and AWSPREVIOUS, in this order", async () => {
    const { secrets, order } = setUp();
    await login(order, ["v1"]);
    secrets.versions = [];
    secrets.put("v2", ["AWSCURRENT"], secret("two"));
    secrets.put("v3", ["AWSPENDING"], secret("three"));
    secrets.put("v0", ["AWSPREVIOUS"], secret("zero"));
    expect(await login(order, [])).toEqual(["v1", "v2", "v3", "v0", "(none)"]);
  });

  it("starts at the stage that worked last, for this server alone", async () => {
    const { secrets, order } = setUp();
    secrets.put("v2", ["AWSPENDING"], secret("two"));
    expect(await login(order, ["v2"])).toEqual(["v1", "v2"]);
    expect(await login(order, ["v2"])).toEqual(["v2"]);
    expect((await order.next("another-server", new Set()))?.versionId).toBe("v1");
  });

  it("goes back to AWSCURRENT when the rotation is over", async () => {
    const { secrets, order, clock } = setUp();
    secrets.put("v2", ["AWSPENDING"], secret("two"));
    await login(order, ["v2"]);
    secrets.versions = [];
    secrets.put("v2", ["AWSCURRENT"], secret("two"));
    clock.now += 20 * 60_000;
    expect(await login(order, ["v2"])).toEqual(["v2"]);
    secrets.put("v3", ["AWSPENDING"], secret("three"));
    clock.now += 20 * 60_000;
    expect(await login(order, ["v2"])).toEqual(["v2"]);
  });

  it("asks neither the server nor Secrets Manager more than once a second while all is refused", async () => {
    const { secrets, order, clock } = setUp();
    const logins: string[] = [];
    for (let request = 0; request < 20; request++) {
      logins.push(...(await login(order, [])));
      clock.now += 100;
    }
    expect(logins.filter((version) => version === "v1")).toHaveLength(2);
    expect(secrets.calls.filter((call) => call === "AWSCURRENT").length).toBeLessThanOrEqual(3);
  });

  it("uses the other versions that it knows while Secrets Manager is down", async () => {
    const { secrets, order, clock } = setUp();
    secrets.put("v2", ["AWSPENDING"], secret("two"));
    await login(order, ["v2"]);
    secrets.answer = () =>
      Promise.reject(Object.assign(new Error("down"), { name: "ServiceUnavailable" }));
    clock.now += 5_000;
    expect(await login(order, ["v1"])).toEqual(["v2", "v1"]);
  });

  it("skips a pending version that is empty or malformed", async () => {
    const { secrets, order } = setUp();
    secrets.put("v2", ["AWSPENDING"], "");
    expect(await login(order, [])).toEqual(["v1", "(none)"]);
  });

  it("ends after six logins however many versions come", async () => {
    const { secrets, order, clock } = setUp();
    const tried = new Set<string>();
    for (let turn = 0; turn < 10; turn++) {
      const credentials = await order.next(target, tried);
      if (!credentials) break;
      tried.add(credentials.versionId);
      secrets.versions = [];
      secrets.put(`w${turn}`, ["AWSCURRENT"], secret("x"));
      clock.now += 2_000;
    }
    expect(tried.size).toBe(6);
  });
});
