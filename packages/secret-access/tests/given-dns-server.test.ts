import { promises as dns } from "node:dns";
import { type DnsServer, startDnsServer } from "@standby/local-cloud/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DatabaseHost } from "../src/database-host.ts";
import { events, listenToEvents } from "./support/reader-under-test.ts";
import { allowedHosts, cname, eastHost, westHost } from "./support/two-regions.ts";

/** The record as the zone has it now; undefined: the zone's servers do not answer, which a resolver tells by SERVFAIL. */
let target: string | undefined;
let server: DnsServer;

const record = (name: string, type: "A" | "CNAME" | "SOA", data: string) => ({
  name,
  type,
  ttlSeconds: 30,
  data,
});
const soa = record("internal", "SOA", "ns.internal hostmaster.internal 1 7200 900 1209600 60");
const authority = {
  lookUp: (name: string) => {
    const records =
      name === cname
        ? [record(name, "CNAME", target ?? "")]
        : [record(name, "A", name === eastHost ? "10.0.0.1" : "10.1.0.1")];
    const silent = target === undefined ? { isUnanswerable: true as const } : {};
    return { exists: true, records, soa, ...silent };
  },
};

beforeEach(async () => {
  server = await startDnsServer({ authorities: [authority], maximumTtlSeconds: 5 });
});
afterEach(() => server.close());

function hostOf() {
  const resolver = new dns.Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([`${server.address}:${server.port}`]);
  const clock = { now: 1_800_000_000_000 };
  return { clock, host: new DatabaseHost({ allowedHosts, resolver, now: () => clock.now }) };
}

it("a given DNS server is asked, and a moved record is seen at the next check", async () => {
  const { clock, host } = hostOf();
  target = eastHost;
  expect(await host.locate(cname)).toMatchObject({ target: eastHost, addresses: ["10.0.0.1"] });
  target = westHost;
  expect(await host.locate(cname)).toMatchObject({ target: eastHost });
  clock.now += 1_001;
  expect(await host.locate(cname)).toMatchObject({ target: westHost, addresses: ["10.1.0.1"] });
});

it("SERVFAIL is bridged by the last good answer for five minutes, with an event, and no longer", async () => {
  const { clock, host } = hostOf();
  target = eastHost;
  await host.locate(cname);
  listenToEvents();
  target = undefined;
  clock.now += 300_000;
  expect(await host.locate(cname)).toMatchObject({ target: eastHost });
  expect(events).toEqual([{ type: "stale-host", subject: cname, code: "dns" }]);
  clock.now += 1_001;
  await expect(host.locate(cname)).rejects.toMatchObject({
    code: "database-unreachable",
    cause: { code: "ESERVFAIL" },
  });
});
