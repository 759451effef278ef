import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { east, ProbeCloud, password, west } from "./support/probe-cloud.ts";

let pair: ProbeCloud;

beforeAll(async () => {
  pair = await ProbeCloud.start();
});
afterAll(() => pair?.cloud.close());

const address = (region: string): string => pair.addresses[region] ?? "";
const database = (region: string) =>
  pair.answer(region, { ask: "database", address: address(region) });

describe("the secret", () => {
  it.each([east, west])(
    "of %s is read with the application's role, without its value",
    async (region) => {
      const answer = await pair.answer(region, { ask: "secret" });
      expect(answer).toEqual({
        versionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        host: "db.orders.internal",
        username: "orders_admin",
      });
      expect(JSON.stringify(answer)).not.toContain(password);
    },
  );
});

describe("the database", () => {
  it("of the primary Region takes writes, and the replica follows it", async () => {
    await pair.answer(east, { ask: "canary", address: address(east) });
    const source = await database(east);
    expect(source).toMatchObject({ readOnly: false, disabledEvents: [] });
    expect(source).not.toHaveProperty("replication");
    const { reached } = await pair.answer(west, {
      ask: "wait-for-transactions",
      address: address(west),
      transactions: source.transactions,
      timeoutSeconds: 10,
    });
    expect(reached).toBe(true);
    expect(await database(west)).toMatchObject({
      product: source.product,
      readOnly: true,
      replication: { receiving: true, applying: true, lagSeconds: expect.any(Number) },
      acceptedVersionId: source.acceptedVersionId,
    });
  });

  it("of the other Region is not asked: its own probe is", async () => {
    expect(await pair.ask(west, { ask: "database", address: address(east) })).toMatchObject({
      ok: false,
      failure: { code: "not-allowed" },
    });
  });
});

describe("the canary", () => {
  it("is read back from a writer, and refused by a replica", async () => {
    const { transactions, milliseconds } = await pair.answer(east, {
      ask: "canary",
      address: address(east),
    });
    expect(transactions).not.toBe("");
    expect(milliseconds).toBeGreaterThan(0);
    expect(await pair.ask(west, { ask: "canary", address: address(west) })).toMatchObject({
      ok: false,
      failure: { code: "read-only" },
    });
  });
});

describe("the name", () => {
  it("is followed with the time that its answer lives, and one that does not exist leads nowhere", async () => {
    const ask = (host: string) => pair.ask(west, { ask: "resolve", host });
    expect(await ask("db.elsewhere.example")).toMatchObject({
      ok: false,
      failure: { code: "failed", message: expect.stringContaining("REFUSED") },
    });
    await pair.createRecord();
    await expect
      .poll(() => ask("db.orders.internal"), { timeout: 10_000 })
      .toEqual({ ok: true, answer: { target: address(east), ttlSeconds: 3 } });
    expect(await ask("nothing.orders.internal")).toEqual({ ok: true, answer: {} });
  });
});

describe("the heartbeat", () => {
  it("is a row of the writer, which the replica has as well, and a record of the replica's lag", async () => {
    await pair.createBucket();
    expect(await pair.answer(east, { ask: "heartbeat" })).toEqual({ wrote: true, recorded: false });
    const { transactions, heartbeat } = await database(east);
    expect(heartbeat).toMatchObject({ region: east });
    await pair.answer(west, {
      ask: "wait-for-transactions",
      address: address(west),
      transactions,
      timeoutSeconds: 10,
    });
    expect((await database(west)).heartbeat).toEqual(heartbeat);
    expect(await pair.answer(west, { ask: "heartbeat" })).toEqual({ wrote: false, recorded: true });
    expect(await pair.replicationRecord()).toMatchObject({
      schema: "standby.replication/1",
      identifier: "orders-prod-1",
      mode: "replica",
      lagSeconds: expect.any(Number),
    });
  });
});

describe("the database servers", () => {
  it("let nobody in who is not in a VPC: the operator's machine has no route, by a right password either", async () => {
    await expect(pair.loginFromHere(east)).rejects.toThrow();
    await expect(pair.loginFromHere(west)).rejects.toThrow();
  });
});

describe("after a promotion", () => {
  it("the rows that only the old source has are listed from its binary log", async () => {
    const known = (await database(west)).transactions;
    await pair.promote(west);
    await pair.statements(east, [
      "CREATE TABLE orders.baskets (id INT PRIMARY KEY, note VARCHAR(20), bytes VARBINARY(4))",
      "INSERT INTO orders.baskets VALUES (1, 'drei', x'00FF'), (2, 'vier', NULL)",
      "UPDATE orders.baskets SET note = 'fünf' WHERE id = 2",
      "DELETE FROM orders.baskets WHERE id = 1",
      "CREATE TABLE orders.notes (note VARCHAR(20), amount DECIMAL(10,2))",
      "INSERT INTO orders.notes VALUES ('sechs', 1.50)",
    ]);
    await pair.answer(east, { ask: "canary", address: address(east) });
    const ask = { ask: "diverged-writes", address: address(east), known } as const;
    const found = await pair.answer(east, { ...ask, maximumRows: 100 });
    expect(found).toMatchObject({ truncated: false, complete: true });
    const [first, second] = [
      { id: 1, note: "drei", bytes: { base64: "AP8=" } },
      { id: 2, note: "vier", bytes: null },
    ];
    expect(found.writes.map(({ transaction: _, at: __, ...write }) => write)).toEqual([
      { table: "orders.baskets", change: "insert", key: { id: 1 }, row: first },
      { table: "orders.baskets", change: "insert", key: { id: 2 }, row: second },
      {
        table: "orders.baskets",
        change: "update",
        key: { id: 2 },
        before: second,
        row: { ...second, note: "fünf" },
      },
      { table: "orders.baskets", change: "delete", key: { id: 1 }, row: first },
      {
        table: "orders.notes",
        change: "insert",
        key: null,
        row: { note: "sechs", amount: expect.anything() },
      },
    ]);
    expect(found.tablesWithoutKey).toEqual(["orders.notes"]);
    expect(found.statements?.map(({ statement }) => statement)).toEqual([
      expect.stringMatching(/^CREATE TABLE orders\.baskets /),
      expect.stringMatching(/^CREATE TABLE orders\.notes /),
    ]);
    expect(found.transactionsWithoutRows).toEqual([]);
    const { transactions } = await database(east);
    const nothing = await pair.answer(east, { ...ask, known: transactions, maximumRows: 100 });
    expect(nothing).toMatchObject({ writes: [], complete: true });
    const few = await pair.answer(east, { ...ask, maximumRows: 1 });
    expect(few).toMatchObject({ truncated: true, complete: false });
    expect(few.writes).toHaveLength(1);
  });

  it("events that replication disabled are listed, and enabled on request, once", async () => {
    const disabled = (await database(west)).disabledEvents;
    expect(disabled).toEqual([{ schema: "orders", name: "sweep" }]);
    const ask = { ask: "enable-events", address: address(west), events: disabled } as const;
    expect(await pair.answer(west, ask)).toEqual({ enabled: disabled });
    expect(await pair.answer(west, ask)).toEqual({ enabled: [] });
    expect((await database(west)).disabledEvents).toEqual([]);
  });
});
