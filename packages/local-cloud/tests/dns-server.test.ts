import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { connect } from "node:net";
import * as packet from "dns-packet";
import { afterEach, describe, expect, it } from "vitest";
import type { DnsAuthority, DnsRecord } from "../src/data-planes.ts";
import { type DnsServer, startDnsServer } from "../src/dns-server.ts";

const soaOf = (zone: string): DnsRecord => ({
  name: zone,
  type: "SOA",
  ttlSeconds: 900,
  data: `ns.${zone} hostmaster.${zone} 1 7200 900 1209600 60`,
});

const authorityOf = (zone: string, records: readonly DnsRecord[]): DnsAuthority => ({
  lookUp: (name) => {
    if (name !== zone && !name.endsWith(`.${zone}`)) return undefined;
    const found = records.filter((record) => record.name === name);
    return { exists: found.length > 0, records: found, soa: soaOf(zone) };
  },
});

const endpoint = "orders-1.abc.us-east-1.rds.amazonaws.com";
const internalRecords: DnsRecord[] = [
  { name: "db.orders.internal", type: "CNAME", ttlSeconds: 30, data: endpoint },
  { name: "outside.orders.internal", type: "CNAME", ttlSeconds: 30, data: "example.com" },
  { name: "loop.orders.internal", type: "CNAME", ttlSeconds: 30, data: "loop.orders.internal" },
  { name: "gone.orders.internal", type: "CNAME", ttlSeconds: 30, data: `no.${endpoint}` },
  { name: "orders.internal", type: "NS", ttlSeconds: 172_800, data: "ns-1.awsdns.local" },
  { name: "text.orders.internal", type: "TXT", ttlSeconds: 30, data: "long ".repeat(100) },
  { name: "large.orders.internal", type: "TXT", ttlSeconds: 30, data: "x".repeat(3000) },
  { name: "broken.orders.internal", type: "A", ttlSeconds: 30, data: "no address" },
  { name: "long.orders.internal", type: "CNAME", ttlSeconds: 30, data: `${"x".repeat(300)}.org` },
];
const databases = authorityOf("rds.amazonaws.com", [
  { name: endpoint, type: "A", ttlSeconds: 5, data: "127.64.0.9" },
]);

describe("DNS server", () => {
  let server: DnsServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  const start = async (maximumTtlSeconds?: number, records = internalRecords) => {
    server = await startDnsServer({
      authorities: [authorityOf("orders.internal", records), databases],
      maximumTtlSeconds,
    });
    return server;
  };

  const send = async (
    port: number,
    message: Buffer,
    patience = 2000,
  ): Promise<packet.DecodedPacket> => {
    const socket = createSocket("udp4");
    try {
      socket.send(message, port, "127.0.0.1");
      const [answer] = (await once(socket, "message", {
        signal: AbortSignal.timeout(patience),
      })) as [Buffer];
      return packet.decode(answer);
    } finally {
      socket.close();
    }
  };

  const ask = (port: number, name: string, type: packet.RecordType, further?: packet.Packet) =>
    send(port, packet.encode({ type: "query", id: 7, questions: [{ name, type }], ...further }));

  const codeOf = (answer: packet.DecodedPacket) => (answer.flags ?? 0) & 0xf;

  it("follows a CNAME into another zone and returns the whole chain", async () => {
    const { port } = await start();
    const answer = await ask(port, "db.orders.internal", "A");
    expect(answer.id).toBe(7);
    expect(answer.answers).toMatchObject([
      { name: "db.orders.internal", type: "CNAME", ttl: 30, data: endpoint },
      { name: endpoint, type: "A", ttl: 5, data: "127.64.0.9" },
    ]);
  });

  it("answers Node's own resolver", async () => {
    const { address, port } = await start();
    const resolver = new Resolver();
    resolver.setServers([`${address}:${port}`]);
    expect(await resolver.resolve4("DB.orders.internal")).toEqual(["127.64.0.9"]);
    expect(await resolver.resolveCname("db.orders.internal")).toEqual([endpoint]);
    await expect(resolver.resolve4("nobody.orders.internal")).rejects.toMatchObject({
      code: "ENOTFOUND",
    });
    await expect(resolver.resolve6(endpoint)).rejects.toMatchObject({ code: "ENODATA" });
    await expect(resolver.resolve4("example.com")).rejects.toMatchObject({ code: "EREFUSED" });
  });

  it("answers a question for the CNAME itself without following it", async () => {
    const { port } = await start();
    const answer = await ask(port, "db.orders.internal", "CNAME");
    expect(answer.answers).toHaveLength(1);
  });

  it("caps every TTL, the SOA's included", async () => {
    const { port } = await start(5);
    const found = await ask(port, "db.orders.internal", "A");
    expect(found.answers?.map((each) => "ttl" in each && each.ttl)).toEqual([5, 5]);
    const missing = await ask(port, "nobody.orders.internal", "A");
    expect(missing.authorities).toMatchObject([{ type: "SOA", ttl: 5 }]);
  });

  it("says that a name does not exist, with the SOA that bounds how long that is remembered", async () => {
    const { port } = await start();
    const answer = await ask(port, "nobody.orders.internal", "A");
    expect(codeOf(answer)).toBe(3);
    expect(answer.authorities).toMatchObject([
      { name: "orders.internal", type: "SOA", ttl: 60, data: { minimum: 60, serial: 1 } },
    ]);
  });

  it("says that the end of a chain does not exist, with the chain", async () => {
    const { port } = await start();
    const answer = await ask(port, "gone.orders.internal", "A");
    expect(codeOf(answer)).toBe(3);
    expect(answer.answers).toMatchObject([{ type: "CNAME" }]);
  });

  it("has no data of another type for an existing name", async () => {
    const { port } = await start();
    const answer = await ask(port, endpoint, "AAAA");
    expect(codeOf(answer)).toBe(0);
    expect(answer.answers).toEqual([]);
    expect(answer.authorities).toMatchObject([{ type: "SOA", name: "rds.amazonaws.com" }]);
  });

  it("refuses names that nobody here has authority for", async () => {
    const { port } = await start();
    const answer = await ask(port, "example.com", "A");
    expect(codeOf(answer)).toBe(5);
    expect(answer.answers).toEqual([]);
  });

  it("fails on a chain that leaves its zones or never ends", async () => {
    const { port } = await start();
    expect(codeOf(await ask(port, "outside.orders.internal", "A"))).toBe(2);
    expect(codeOf(await ask(port, "loop.orders.internal", "A"))).toBe(2);
  });

  it("answers types that it has never heard of with no data", async () => {
    const { port } = await start();
    const query = packet.encode({
      type: "query",
      id: 7,
      questions: [{ name: endpoint, type: "A" }],
    });
    query.writeUInt16BE(65, query.length - 4);
    const answer = await send(port, query);
    expect(codeOf(answer)).toBe(0);
    expect(answer.answers).toEqual([]);
  });

  it("fails on a record that cannot be written and serves the next query", async () => {
    const { port } = await start();
    expect(codeOf(await ask(port, "broken.orders.internal", "A"))).toBe(2);
    expect(codeOf(await ask(port, "long.orders.internal", "CNAME"))).toBe(2);
    expect(codeOf(await ask(port, endpoint, "A"))).toBe(0);
  });

  it("answers NS and long TXT records", async () => {
    const { port } = await start();
    const ns = await ask(port, "orders.internal", "NS");
    expect(ns.answers).toMatchObject([{ type: "NS", data: "ns-1.awsdns.local" }]);
    const text = await ask(port, "text.orders.internal", "TXT", {
      additionals: [
        {
          type: "OPT",
          name: ".",
          udpPayloadSize: 4096,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [],
        },
      ],
    });
    const [record] = text.answers ?? [];
    const pieces = record?.type === "TXT" ? (record.data as Buffer[]) : [];
    expect(Buffer.concat(pieces).toString()).toBe("long ".repeat(100));
  });

  it("asks the authorities again on every query", async () => {
    const records = [...internalRecords];
    const { port } = await start(undefined, records);
    await ask(port, "db.orders.internal", "A");
    const west = "orders-1.xyz.us-west-2.rds.amazonaws.com";
    records[0] = { name: "db.orders.internal", type: "CNAME", ttlSeconds: 30, data: west };
    const answer = await ask(port, "db.orders.internal", "CNAME");
    expect(answer.answers).toMatchObject([{ data: west }]);
  });

  it("drops what is no query and serves the next one", async () => {
    const { port } = await start();
    await expect(
      Promise.any([
        send(port, Buffer.from("not DNS"), 200),
        send(
          port,
          packet.encode({ type: "response", questions: [{ name: endpoint, type: "A" }] }),
          200,
        ),
      ]),
    ).rejects.toThrow(AggregateError);
    expect(codeOf(await ask(port, endpoint, "A"))).toBe(0);
  });

  it("truncates what is too long for UDP and answers in full over TCP, several times a connection", async () => {
    const { port } = await start();
    const short = await ask(port, "large.orders.internal", "TXT");
    expect(short.flag_tc).toBe(true);
    expect(short.answers).toEqual([]);

    const query = (id: number) =>
      packet.streamEncode({
        type: "query",
        id,
        questions: [{ name: "large.orders.internal", type: "TXT" }],
      });
    const connection = connect(port, "127.0.0.1");
    const ids: (number | undefined)[] = [];
    let received = Buffer.alloc(0);
    // In two pieces: a message may arrive in any cut.
    const both = Buffer.concat([query(1), query(2)]);
    connection.write(both.subarray(0, 10));
    connection.write(both.subarray(10));
    for await (const piece of connection) {
      received = Buffer.concat([received, piece as Buffer]);
      while (received.length > 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        const answer = packet.streamDecode(received.subarray(0, end));
        expect(answer.answers).toHaveLength(1);
        ids.push(answer.id);
        received = received.subarray(end);
      }
      if (ids.length === 2) break;
    }
    expect(ids).toEqual([1, 2]);
  });

  it("frees its port when closed, with clients connected", async () => {
    const { port, close } = await start();
    const connection = connect(port, "127.0.0.1");
    await once(connection, "connect");
    await close();
    await close();
    const refused = connect(port, "127.0.0.1");
    await expect(once(refused, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
