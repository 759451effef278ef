import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineError, EngineLockedError } from "../src/engine-errors.ts";
import { failover, planFailover } from "../src/failover.ts";
import { failoverReadOnly } from "../src/failover-read-only.ts";
import { readJournal } from "../src/journal.ts";
import { east, type FakePair, fakePair, west } from "./support/fake-pair.ts";

const signal = new AbortController().signal;
const moved = [
  "tag orders-prod-1 us-west-2",
  "promote orders-prod-1 us-west-2",
  "name orders-prod-1 us-west-2",
  "application-write us-west-2",
  "up prod-west",
];

describe("a failover", () => {
  let pair: FakePair;
  beforeEach(async () => {
    pair = await fakePair();
  });
  afterEach(() => pair[Symbol.asyncDispose]());
  const run = (options = {}) => failover(pair.context, options, pair.run);

  it("promotes, writes both stack files, moves the name and proves it, with the primary Region dark", async () => {
    pair.world.dark.add(east);
    const report = await run();
    expect(pair.done).toEqual(moved);
    expect(await pair.flags("prod-west")).toMatchObject({ failover: "true", fenced: "false" });
    expect(await pair.flags("prod-east")).toMatchObject({ fenced: "true" });
    expect(report).toMatchObject({ kind: "failover", activeRegion: west });
    expect(report.next[0]).toBe(
      'git commit -m "Fail over to us-west-2" Pulumi.prod-west.yaml Pulumi.prod-east.yaml && git push',
    );
  });

  it("asks the lost Region's RDS and STS together, and never again", async () => {
    pair.world.dark.add(east);
    await run();
    expect(pair.asked.filter((region) => region === east)).toHaveLength(2);
  });

  it("gives a Region up that says nothing at all long before the deadline of one that answers", async () => {
    pair.world.dark.add(east);
    const began = performance.now();
    const deadlines = { ...pair.context.deadlines, lostRegion: 30 };
    await failover({ ...pair.context, deadlines }, {}, pair.run);
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(pair.done).toEqual(moved);
  });

  it("fences a source that still answers, and waits for what it had", async () => {
    pair.world.transactions.set(
      "arn:aws:rds:us-east-1:123456789012:db:orders-prod-1",
      "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-120",
    );
    await run();
    expect(pair.done).toEqual(["fence orders-prod-1 us-east-1", ...moved]);
    expect(pair.said).toContain(
      "Data loss: 20 transactions of the source are not on the replica yet.",
    );
    expect(pair.said).toContain(
      "orders-prod-1 in us-west-2 has every transaction of the source: nothing is lost.",
    );
  });

  it("goes on when the source falls silent under the fence", async () => {
    pair.onAct = (act) => {
      if (act.startsWith("fence")) {
        pair.world.dark.add(east);
        throw Object.assign(new Error("no answer"), { name: "TimeoutError" });
      }
    };
    await run();
    expect(pair.done).toEqual(moved);
    expect(pair.said.join("\n")).toMatch(/orders-prod-1 in us-east-1 is not fenced/);
  });

  it("refuses an unknown loss until it is accepted by that word", async () => {
    pair.world.dark.add(east);
    pair.world.lagSeconds = null;
    await expect(run({ acceptDataLoss: 100_000 })).rejects.toMatchObject({
      name: "RefusedError",
      message: expect.stringMatching(/Only --accept-data-loss unknown takes that/),
    });
    expect(pair.done).toEqual([]);
    expect(pair.said.join("\n")).toContain("Its newest heartbeat was written at");
    await run({ acceptDataLoss: "unknown" });
    expect(pair.done).toEqual(moved);
  });

  it("refuses a lag beyond the objective until so many seconds are accepted", async () => {
    pair.world.dark.add(east);
    pair.world.lagSeconds = 240;
    await expect(run()).rejects.toThrow(/240 s behind, more than the 60 s/);
    await expect(run({ acceptDataLoss: 100 })).rejects.toThrow(/more than the 100 s/);
    expect(pair.done).toEqual([]);
    await run({ acceptDataLoss: 240 });
    expect(pair.done).toEqual(moved);
  });

  it("refuses a lag beyond the objective although the source still answers", async () => {
    pair.world.lagSeconds = 240;
    pair.world.transactions.set(
      "arn:aws:rds:us-east-1:123456789012:db:orders-prod-1",
      "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-120",
    );
    await expect(run()).rejects.toThrow(/240 s behind, more than the 60 s/);
    expect(pair.done).toEqual([]);
    await run({ acceptDataLoss: 240 });
    expect(pair.done).toEqual(["fence orders-prod-1 us-east-1", ...moved]);
  });

  it("refuses, before it touches anything, when the update would do more than move", async () => {
    pair.drift.push({
      operation: "replace",
      type: "aws:rds/instance:Instance",
      urn: "a::b::c::database-1",
      changed: ["username"],
    });
    await expect(run()).rejects.toMatchObject({ name: "RefusedError" });
    expect(pair.done).toEqual([]);
    expect(await pair.flags("prod-west")).toMatchObject({ failover: "false" });
  });

  it("refuses a database that somebody else promoted until the loss is accepted, and then names it to the program", async () => {
    pair.world.dark.add(east);
    const index = pair.world.databases.findIndex(({ region }) => region === west);
    const replica = pair.world.databases[index];
    if (replica) pair.world.databases[index] = { ...replica, sourceArn: undefined };
    await expect(run()).rejects.toThrow(/was promoted by somebody else/);
    await run({ acceptDataLoss: "unknown" });
    expect(await pair.flags("prod-west")).toMatchObject({ acceptDataLoss: "orders-prod-1" });
  });

  it("says what is left when the name cannot be moved, and goes on there", async () => {
    pair.world.dark.add(east);
    pair.onAct = (act) => {
      if (act.startsWith("name"))
        throw Object.assign(new Error("503"), { name: "ServiceUnavailable" });
    };
    await expect(run()).rejects.toMatchObject({
      name: "UnconfirmedError",
      message: expect.stringMatching(/is promoted and takes writes.*does not name it yet/),
    });
    pair.onAct = () => {};
    pair.done.length = 0;
    await run();
    expect(pair.done).toEqual(moved.slice(2));
    expect(pair.run.conversation.confirmRegion).toHaveBeenCalledTimes(1);
  });

  it("promotes although Route 53's control plane is silent, and says so before", async () => {
    pair.world.dark.add(east);
    pair.world.recordUnseen = true;
    await expect(run()).rejects.toMatchObject({ name: "UnconfirmedError" });
    expect(pair.said.join("\n")).toMatch(/Warning: Route 53's control plane does not answer/);
    expect(pair.done).toEqual(moved.slice(0, 2));
  });

  it("lets writes go on before the engine has run, and says what is left when it fails", async () => {
    pair.world.dark.add(east);
    pair.onAct = (act) => {
      if (act === "up prod-west") throw new EngineError("pulumi up failed.", "");
    };
    await expect(run()).rejects.toMatchObject({
      name: "UnconfirmedError",
      message: expect.stringMatching(
        /^Writes go on in us-west-2; prod-west does not know of it yet/,
      ),
    });
    expect(pair.done).toContain("application-write us-west-2");
    pair.onAct = () => {};
    pair.done.length = 0;
    await run();
    expect(pair.done).toEqual(moved.slice(3));
  });

  it("refuses, before it touches anything, a name that leads to no database of the pair", async () => {
    pair.world.recordTarget = "maintenance.example.com";
    await expect(run()).rejects.toMatchObject({
      name: "RefusedError",
      message: expect.stringMatching(/leads to maintenance\.example\.com, which is no database/),
    });
    expect(pair.done).toEqual([]);
  });

  it("leaves a name alone that somebody else moved meanwhile", async () => {
    pair.world.dark.add(east);
    const other = "orders-prod-7.c1a2b3.us-east-1.rds.amazonaws.com";
    pair.onAct = (act) => {
      if (act.startsWith("promote")) pair.world.recordTarget = other;
    };
    await expect(run()).rejects.toMatchObject({
      name: "UnconfirmedError",
      message: expect.stringMatching(/somebody else moves it, and it is left alone/),
    });
    expect(pair.world.recordTarget).toBe(other);
  });

  it("is not fooled by a name that changes under the very call: the next look decides", async () => {
    pair.world.dark.add(east);
    const here = "orders-prod-1.d4e5f6.us-west-2.rds.amazonaws.com";
    pair.onAct = (act) => {
      if (act.startsWith("name")) pair.world.recordTarget = here;
    };
    await run();
    expect(pair.world.recordTarget).toBe(here);
  });

  it("takes the fence off the database that is to take the writes", async () => {
    pair.world.dark.add(east);
    pair.world.readOnly.set("arn:aws:rds:us-west-2:123456789012:db:orders-prod-1", "1");
    await run();
    expect(pair.done).toEqual([
      ...moved.slice(0, 2),
      "unfence orders-prod-1 us-west-2",
      ...moved.slice(2),
    ]);
  });

  it("refuses before the promotion while somebody else's update holds the stack", async () => {
    pair.world.dark.add(east);
    const lock = { owner: "bob@laptop-b", host: "laptop-b", pid: 1, since: undefined };
    pair.context.engine.refresh = async () => {
      throw new EngineLockedError("pulumi refresh", lock);
    };
    await expect(run()).rejects.toMatchObject({ name: "RefusedError" });
    expect(pair.done).toEqual([]);
  });

  it("changes nothing when it is typed again", async () => {
    pair.world.dark.add(east);
    await run();
    pair.done.length = 0;
    const report = await run();
    expect(pair.done).toEqual(["application-write us-west-2"]);
    expect(report.steps.map(({ id, result }) => `${id} ${result}`)).toEqual([
      "promote already",
      "set-flags already",
      "move-name already",
      "verify done",
      "settle-recovery already",
    ]);
  });

  it.each(moved.flatMap((act) => [`before ${act}`, `after ${act}`]))(
    "ends the same, killed %s",
    async (point) => {
      pair.world.dark.add(east);
      const [when, act] = [point.slice(0, point.indexOf(" ")), point.slice(point.indexOf(" ") + 1)];
      let killed = false;
      const kill = () => {
        killed = true;
        throw new Error("killed");
      };
      pair.onAct = (now) => {
        if (killed) return;
        if (when === "before" && now === act) kill();
        if (when === "after" && pair.done.includes(act)) kill();
      };
      await run().catch(() => {});
      pair.onAct = () => {};
      await run();
      expect(pair.world.recordTarget).toContain(`.${west}.`);
      expect(await pair.flags("prod-west")).toMatchObject({ failover: "true" });
      expect(pair.done.filter((each) => each.startsWith("promote"))).toHaveLength(1);
    },
  );

  it("plans with a line for a shell for each step, and changes nothing", async () => {
    pair.world.dark.add(east);
    const { steps, statement, refusal } = await planFailover(pair.context, {}, signal);
    expect(steps.map(({ id }) => id)).toEqual([
      "promote",
      "set-flags",
      "move-name",
      "verify",
      "settle-recovery",
    ]);
    expect(steps[0]?.byHand[1]).toBe(
      "aws rds promote-read-replica --db-instance-identifier orders-prod-1 --backup-retention-period 7 --region us-west-2",
    );
    expect(statement[1]).toMatch(/^Data loss: /);
    expect(refusal).toBeUndefined();
    expect(pair.done).toEqual([]);
    expect(pair.store.objects.size).toBe(0);
  });

  it("keeps what it did in the journal, begin and end of each step", async () => {
    pair.world.dark.add(east);
    await failover(pair.context, {}, { ...pair.run, reason: "game day" });
    const [journal] = await readJournal(pair.store, signal);
    expect(journal).toMatchObject({
      kind: "failover",
      owner: "ann@laptop-a (pid 11)",
      reason: "game day",
    });
    expect(journal?.entries.map(({ event, step }) => [event, step].join(" ").trim())).toEqual([
      "begun",
      "step-begun promote",
      "step-done promote",
      "step-begun set-flags",
      "step-done set-flags",
      "step-begun move-name",
      "step-done move-name",
      "step-begun verify",
      "step-done verify",
      "step-begun settle-recovery",
      "step-done settle-recovery",
      "ended",
    ]);
  });
});

describe("a failover for reads only", () => {
  let pair: FakePair;
  beforeEach(async () => {
    pair = await fakePair();
  });
  afterEach(() => pair[Symbol.asyncDispose]());

  it("moves the name and promotes nothing", async () => {
    pair.world.dark.add(east);
    const report = await failoverReadOnly(pair.context, pair.run);
    expect(pair.done).toEqual(["up prod-west"]);
    expect(pair.world.recordTarget).toContain(`.${west}.`);
    expect(await pair.flags("prod-west")).toMatchObject({
      readOnlyFailover: "true",
      failover: "false",
    });
    expect(report.activeRegion).toBe(east);
  });

  it("refuses a database that takes writes", async () => {
    await failover(pair.context, {}, pair.run);
    await expect(failoverReadOnly(pair.context, pair.run)).rejects.toMatchObject({
      name: "RefusedError",
    });
  });
});
