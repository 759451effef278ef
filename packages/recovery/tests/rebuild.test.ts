import { readFile, stat } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { divergedPath } from "../src/diverged-file.ts";
import { failover } from "../src/failover.ts";
import { rebuild } from "../src/rebuild.ts";
import { database, east, type FakePair, fakePair, west } from "./support/fake-pair.ts";

describe("a rebuild", () => {
  let pair: FakePair;
  beforeEach(async () => {
    pair = await fakePair();
    pair.world.dark.add(east);
    await failover(pair.context, {}, pair.run);
    pair.world.dark.clear();
    pair.done.length = 0;
    pair.said.length = 0;
  });
  afterEach(() => pair[Symbol.asyncDispose]());
  const run = (options = {}) => rebuild(pair.context, options, pair.run);
  const built = ["fence orders-prod-1 us-east-1", "up prod-east"];

  it("fences the old source, lists its writes, builds the next generation as a replica and waits for it", async () => {
    pair.world.diverged = [
      {
        transaction: "a:121",
        at: "2026-11-24T03:13:00Z",
        table: "orders.orders",
        change: "insert",
        row: { id: "o-1" },
      },
    ];
    const report = await run();
    expect(pair.done).toEqual(built);
    const replica = pair.world.databases.find(({ generation }) => generation === 2);
    expect(replica).toMatchObject({ region: east, sourceArn: database(west).arn });
    expect(await pair.flags("prod-east")).toMatchObject({
      fenced: "false",
      replicateFrom: database(west).arn,
    });
    const path = divergedPath(pair.context.projectFolder, {
      identifier: "orders-prod-1",
      region: east,
    });
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
      schema: "standby.diverged/1",
      complete: true,
      writes: [{ table: "orders.orders", row: { id: "o-1" } }],
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(report.activeRegion).toBe(west);
  });

  it("goes on past a database whose password is of the past, fenced by its parameter, and says that its writes are not listed", async () => {
    const stale = database(east).arn;
    pair.world.lockedOut.add(stale);
    await run();
    expect(pair.done).toEqual(built);
    expect(pair.world.readOnly.get(stale)).toBe("1");
    expect(pair.said).toContainEqual(
      expect.stringMatching(/^NOT LISTED: whether orders-prod-1 in us-east-1 has writes/),
    );
  });

  it("keeps the list of a database that has become one of the past", async () => {
    pair.onAct = (act) => {
      if (act === "up prod-east") throw new Error("killed");
    };
    await expect(run()).rejects.toThrow("killed");
    expect(pair.said.join("\n")).toContain("0 writes that only orders-prod-1 has");
    pair.onAct = () => {};
    pair.world.lockedOut.add(database(east).arn);
    await run();
    expect(pair.said.join("\n")).not.toContain("NOT LISTED");
  });

  it.each([
    ["once", [], ["prod-east", "prod-west", "prod-east"]],
    [
      "again when the other stack was updated meanwhile",
      [
        {
          operation: "update",
          type: "aws:route53/record:Record",
          urn: "a::b::c::record",
          changed: ["records"],
        },
      ],
      ["prod-east", "prod-west", "prod-east", "prod-east"],
    ],
  ])("looks for the last time at the stack that it rebuilt %s", async (_when, active, expected) => {
    const { engine } = pair.context;
    const looked: string[] = [];
    const preview: typeof engine.preview = async (stack, ...rest) => {
      looked.push(stack);
      return stack === "prod-west" ? active : await engine.preview(stack, ...rest);
    };
    await rebuild({ ...pair.context, engine: { ...engine, preview } }, {}, pair.run);
    expect(looked).toEqual(expected);
  });

  it("keeps the old database and prints how it is deleted", async () => {
    const report = await run();
    expect(
      pair.world.databases.map(({ identifier, region }) => `${identifier} ${region}`),
    ).toContain("orders-prod-1 us-east-1");
    expect(report.next.join("\n")).toContain(
      "aws rds delete-db-instance --db-instance-identifier orders-prod-1 --final-db-snapshot-identifier orders-prod-1-final --region us-east-1",
    );
    expect(pair.done.join()).not.toContain("delete");
  });

  it("names the events that replication disabled and enables them only when asked", async () => {
    await run();
    expect(pair.said.join("\n")).toContain("orders.nightly");
    expect(pair.done).not.toContain("enable-events us-west-2");
    const report = await run({ enableEvents: true });
    expect(pair.done).toContain("enable-events us-west-2");
    expect(report.facts["events"]).toMatchObject({ enabled: [{ name: "nightly" }] });
  });

  it("takes a newer value of a promoted copy home before it replicates over it", async () => {
    const copy = pair.world.secrets.get(west);
    if (copy)
      pair.world.secrets.set(west, {
        ...copy,
        primaryRegion: undefined,
        versionId: "v2",
        changedAt: new Date("2026-11-24T04:00:00Z"),
      });
    await run();
    expect(pair.done.slice(-2)).toEqual([
      "copy-secret us-west-2 us-east-1",
      "replicate-secret us-east-1 us-west-2 overwrite",
    ]);
    expect(pair.world.secrets.get(east)?.versionId).toBe("v2");
  });

  it("joins no copy whose rotation has not ended: the database may know that password alone", async () => {
    const copy = pair.world.secrets.get(west);
    if (copy)
      pair.world.secrets.set(west, {
        ...copy,
        primaryRegion: undefined,
        versionId: "v2",
        pendingVersionId: "v3",
        changedAt: new Date("2026-11-24T04:00:00Z"),
      });
    await expect(run()).rejects.toMatchObject({
      message: expect.stringMatching(/rotation of the secret in us-west-2 has begun/),
      next: [
        expect.stringContaining(
          `--region us-west-2 --payload fileb:///dev/stdin /dev/stdout <<<'{"Settle":true}'`,
        ),
        "standby rebuild",
      ],
    });
    expect(pair.done).toEqual(built);
  });

  it("joins the admin secret as it joins the application's", async () => {
    const [primary, copy] = [pair.world.secrets.get(east), pair.world.secrets.get(west)];
    if (primary && copy) {
      pair.world.adminSecrets.set(east, primary);
      pair.world.adminSecrets.set(west, {
        ...copy,
        primaryRegion: undefined,
        versionId: "v7",
        changedAt: new Date("2026-11-24T04:00:00Z"),
      });
    }
    await run();
    expect(pair.done.slice(-2)).toEqual([
      "copy-admin-secret us-west-2 us-east-1",
      "replicate-admin-secret us-east-1 us-west-2 overwrite",
    ]);
    expect(pair.world.secrets.get(east)?.versionId).toBe("v1");
  });

  it("overwrites no copy when the primary's value is the newer one, and says so", async () => {
    const [primary, copy] = [pair.world.secrets.get(east), pair.world.secrets.get(west)];
    if (copy && primary) {
      pair.world.secrets.set(west, { ...copy, primaryRegion: undefined, versionId: "v2" });
      pair.world.secrets.set(east, { ...primary, changedAt: new Date("2026-11-25T00:00:00Z") });
    }
    await expect(run()).rejects.toThrow(/joining them would overwrite one/);
    expect(pair.done).toEqual(built);
  });

  it("makes a replica again whose secret replication failed", async () => {
    const primary = pair.world.secrets.get(east);
    if (primary)
      pair.world.secrets.set(east, {
        ...primary,
        replication: [{ region: west, status: "Failed" }],
      });
    await run();
    expect(pair.done.at(-1)).toBe("replicate-secret us-east-1 us-west-2");
  });

  it("refuses a writer without backups, which RDS makes no replica of", async () => {
    const index = pair.world.databases.findIndex(({ region }) => region === west);
    const writer = pair.world.databases[index];
    if (writer) pair.world.databases[index] = { ...writer, backupRetentionDays: 0 };
    await expect(run()).rejects.toMatchObject({ name: "RefusedError" });
    expect(pair.done).toEqual([]);
  });

  it.each(built.map((act) => [act]))("goes on where it was killed, at %s", async (act) => {
    pair.onAct = (now) => {
      if (now === act) throw new Error("killed");
    };
    await expect(run()).rejects.toThrow("killed");
    pair.onAct = () => {};
    await run();
    await run();
    expect(pair.world.databases.filter(({ generation }) => generation === 2)).toHaveLength(1);
  });

  it("changes nothing when it is typed again", async () => {
    await run();
    pair.done.length = 0;
    await run();
    expect(pair.done).toEqual([]);
  });
});
