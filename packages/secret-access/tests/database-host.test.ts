import { describe, expect, it } from "vitest";
import { DatabaseHost } from "../src/database-host.ts";
import { accessEvents } from "../src/index.ts";
import { FakeResolver } from "./support/fake-resolver.ts";

const cname = "db.orders.internal";
const east = "orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com";
const west = "orders-prod-2.d4e5f6.us-west-2.rds.amazonaws.com";
const allowedHosts = [
  "orders-prod-*.c1a2b3.us-east-1.rds.amazonaws.com",
  "orders-prod-*.d4e5f6.us-west-2.rds.amazonaws.com",
];

function setUp() {
  const resolver = new FakeResolver();
  resolver.cnames.set(cname, east);
  resolver.addresses.set(east, ["10.0.0.1"]);
  resolver.addresses.set(west, ["10.1.0.1"]);
  const clock = { now: 1_000_000 };
  const host = new DatabaseHost({
    allowedHosts,
    resolver,
    deadlineMillis: 50,
    now: () => clock.now,
  });
  return { resolver, clock, host };
}

describe("DatabaseHost", () => {
  it("follows the CNAME to an allowed database and its addresses", async () => {
    const { host } = setUp();
    expect(await host.locate(cname)).toEqual({
      host: cname,
      target: east,
      addresses: ["10.0.0.1"],
    });
  });

  it("asks once for any number of callers and not again within the check interval", async () => {
    const { host, resolver, clock } = setUp();
    await Promise.all([host.locate(cname), host.locate(cname)]);
    clock.now += 999;
    await host.locate(cname);
    expect(resolver.queries).toEqual([`CNAME ${cname}`, `A ${east}`]);
  });

  it("sees a moved record after the check interval", async () => {
    const { host, resolver, clock } = setUp();
    await host.locate(cname);
    resolver.cnames.set(cname, west);
    expect((await host.locate(cname)).target).toBe(east);
    clock.now += 1_000;
    expect(host.peek(cname)).toBeUndefined();
    expect((await host.locate(cname)).target).toBe(west);
  });

  it("asks again when the clock was set back", async () => {
    const { host, clock } = setUp();
    await host.locate(cname);
    clock.now -= 3_600_000;
    expect(host.peek(cname)).toBeUndefined();
  });

  it("asks again at once after invalidate", async () => {
    const { host, resolver } = setUp();
    await host.locate(cname);
    resolver.cnames.set(cname, west);
    host.invalidate();
    expect((await host.locate(cname)).target).toBe(west);
  });

  it("follows an alias of the alias, and ends a circle", async () => {
    const { host, resolver } = setUp();
    resolver.cnames.set(cname, "failover.orders.internal");
    resolver.cnames.set("failover.orders.internal", `${west}.`);
    expect((await host.locate(cname)).target).toBe(west);
    resolver.cnames.set("failover.orders.internal", cname);
    host.invalidate();
    await expect(host.locate(cname)).rejects.toMatchObject({ code: "database-identity" });
  });

  it("refuses a foreign database and a name without a CNAME", async () => {
    const { host, resolver } = setUp();
    resolver.cnames.set(cname, "orders-prod-1.zzzzzz.us-east-1.rds.amazonaws.com");
    await expect(host.locate(cname)).rejects.toMatchObject({ code: "database-identity" });
    resolver.cnames.delete(cname);
    resolver.addresses.set(cname, ["10.9.9.9"]);
    await expect(host.locate(cname)).rejects.toMatchObject({ code: "database-identity" });
  });

  it("says that the host cannot be resolved when DNS fails or hangs", async () => {
    const { host, resolver } = setUp();
    resolver.cnames.delete(cname);
    const absent = { code: "database-unreachable", phase: "resolving the host" };
    await expect(host.locate(cname)).rejects.toMatchObject(absent);
    resolver.failure = () => new Promise(() => {});
    await expect(host.locate(cname)).rejects.toMatchObject(absent);
  });

  it("keeps the last good answer through a DNS failure for five minutes and says so", async () => {
    const { host, resolver, clock } = setUp();
    const events: unknown[] = [];
    const listen = (event: unknown) => {
      events.push(event);
    };
    accessEvents.subscribe(listen);
    await host.locate(cname);
    resolver.failure = () => Promise.reject(new Error("SERVFAIL"));
    clock.now += 299_000;
    host.invalidate();
    expect((await host.locate(cname)).target).toBe(east);
    accessEvents.unsubscribe(listen);
    expect(events).toEqual([{ type: "stale-host", subject: cname, code: "dns" }]);
    clock.now += 2_000;
    await expect(host.locate(cname)).rejects.toMatchObject({ phase: "resolving the host" });
  });

  it("takes a foreign host for an answer although a good one is known", async () => {
    const { host, resolver, clock } = setUp();
    await host.locate(cname);
    resolver.cnames.set(cname, "orders-prod-1.zzzzzz.us-east-1.rds.amazonaws.com");
    clock.now += 1_000;
    await expect(host.locate(cname)).rejects.toMatchObject({ code: "database-identity" });
  });
});
