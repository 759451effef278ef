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
