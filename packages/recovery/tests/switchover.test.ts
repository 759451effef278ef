import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failover } from "../src/failover.ts";
import { rebuild } from "../src/rebuild.ts";
import { planSwitchover, switchover } from "../src/switchover.ts";
import { east, type FakePair, fakePair, west } from "./support/fake-pair.ts";

const signal = new AbortController().signal;
const there = [
  "fence orders-prod-1 us-east-1",
  "tag orders-prod-1 us-west-2",
  "promote orders-prod-1 us-west-2",
  "name orders-prod-1 us-west-2",
  "application-write us-west-2",
  "up prod-west",
];

describe("a switchover", () => {
  let pair: FakePair;
  beforeEach(async () => {
    pair = await fakePair();
  });
  afterEach(() => pair[Symbol.asyncDispose]());
  const run = () => switchover(pair.context, pair.run);

  it("fences, waits for every transaction, promotes, moves the name, and brings both stacks in line", async () => {
    pair.world.transactions.set(
      "arn:aws:rds:us-east-1:123456789012:db:orders-prod-1",
      "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-120",
    );
    const report = await run();
    expect(pair.done).toEqual(there);
    expect(await pair.flags("prod-west")).toMatchObject({ failover: "true", fenced: "false" });
    expect(await pair.flags("prod-east")).toMatchObject({ fenced: "true" });
    expect(report).toMatchObject({ activeRegion: west, kind: "switchover" });
    expect(report.facts["writePauseSeconds"]).toBeTypeOf("number");
    expect(
      pair.world.transactions.get("arn:aws:rds:us-west-2:123456789012:db:orders-prod-1"),
    ).toContain("1-120");
  });

  it("goes home after a failover and a rebuild, and writes the flags of that", async () => {
    await failover(pair.context, {}, pair.run);
    await rebuild(pair.context, {}, pair.run);
    pair.done.length = 0;
    const report = await run();
    expect(report.activeRegion).toBe(east);
    expect(pair.done).toEqual([
      "fence orders-prod-1 us-west-2",
      "tag orders-prod-2 us-east-1",
      "promote orders-prod-2 us-east-1",
      "name orders-prod-2 us-east-1",
      "application-write us-east-1",
      "up prod-west",
    ]);
    expect(await pair.flags("prod-west")).toMatchObject({ failover: "false", fenced: "true" });
    expect(await pair.flags("prod-east")).toMatchObject({ fenced: "false" });
    expect(pair.world.recordTarget).toBe("orders-prod-2.c1a2b3.us-east-1.rds.amazonaws.com");
  });

  it("refuses without a standby, and says what makes one", async () => {
    await run();
    pair.done.length = 0;
    await expect(run()).rejects.toMatchObject({
      name: "RefusedError",
      message: expect.stringMatching(/us-east-1 has no replica/),
      next: ["standby rebuild", "standby status"],
    });
    expect(pair.done).toEqual([]);
  });

  it.each([
    ["replication that does not run", null, /does not replicate/],
    ["a lag beyond the objective", 300, /300 s behind/],
  ])("refuses %s and fences nothing", async (_what, lag, message) => {
    pair.world.lagSeconds = lag;
    await expect(run()).rejects.toThrow(message);
    expect(pair.done).toEqual([]);
  });

  it("refuses while the copies of the secret differ", async () => {
    const copy = pair.world.secrets.get(west);
    if (copy) pair.world.secrets.set(west, { ...copy, versionId: "v0" });
    await expect(run()).rejects.toThrow(/not the same version/);
    expect(pair.done).toEqual([]);
  });

  it("takes the fence off again when the target does not catch up", async () => {
    const ask = pair.context.actions.ask.bind(pair.context.actions);
    pair.context.actions.ask = (async (...words: Parameters<typeof ask>) =>
      words[1].ask === "wait-for-transactions"
        ? { ok: true, answer: { reached: false, transactions: "" } }
        : ask(...words)) as typeof ask;
    pair.context.clock.sleep = async () => {};
    const limited = { ...pair.context, deadlines: { ...pair.context.deadlines, catchUp: 0 } };
    await expect(switchover(limited, pair.run)).rejects.toThrow(/did not get every transaction/);
    expect(pair.done).toEqual(["fence orders-prod-1 us-east-1", "unfence orders-prod-1 us-east-1"]);
    expect(pair.said.at(-1)).toMatch(/^Taken back: orders-prod-1 in us-east-1 takes writes again/);
    expect(await pair.flags("prod-east")).toMatchObject({ fenced: "false" });
  });

  it("takes the fence off when it is interrupted before the promotion", async () => {
    const interruption = new AbortController();
    pair.onAct = (act) => {
      if (act.startsWith("tag")) {
        interruption.abort(new Error("interrupted by SIGINT"));
        throw interruption.signal.reason;
      }
    };
    const interrupted = switchover(pair.context, { ...pair.run, signal: interruption.signal });
    await expect(interrupted).rejects.toThrow("interrupted by SIGINT");
    expect(pair.done.at(-1)).toBe("unfence orders-prod-1 us-east-1");
  });

  it("leaves the fence where it is once the promotion was asked for", async () => {
    pair.onAct = (act) => {
      if (act.startsWith("name")) throw new Error("no answer");
    };
    await expect(run()).rejects.toThrow(/does not name it yet/);
    expect(pair.done).not.toContain("unfence orders-prod-1 us-east-1");
    pair.onAct = () => {};
    await run();
    expect(pair.world.recordTarget).toContain(`.${west}.`);
    expect(pair.done.filter((each) => each.startsWith("promote"))).toHaveLength(1);
  });

  it("leaves the fence of a killed run while RDS promotes, and goes on", async () => {
    const index = pair.world.databases.findIndex(({ region }) => region === west);
    const target = pair.world.databases[index];
    if (target)
      pair.world.databases[index] = { ...target, promotionRequested: true, status: "modifying" };
    pair.world.readOnly.set("arn:aws:rds:us-east-1:123456789012:db:orders-prod-1", "1");
    await run();
    expect(pair.done).toEqual(there.slice(3));
    expect(pair.world.recordTarget).toContain(`.${west}.`);
  });

  it("takes no fence off when RDS promotes although the call was never answered", async () => {
    let looks = Number.NEGATIVE_INFINITY;
    pair.context.actions.promote = async () => {
      looks = 0;
      throw new Error("the answer was lost");
    };
    const databases = pair.context.actions.databases.bind(pair.context.actions);
    pair.context.actions.databases = async (...words) => {
      const found = await databases(...words);
      looks += 1;
      return looks < 3 || words[0] !== west
        ? found
        : found.map((each) => ({ ...each, status: "modifying" }));
    };
    await expect(run()).rejects.toThrow("the answer was lost");
    expect(pair.done).not.toContain("unfence orders-prod-1 us-east-1");
  });

  it("takes off the fence of a killed run when this one is refused", async () => {
    pair.world.readOnly.set("arn:aws:rds:us-east-1:123456789012:db:orders-prod-1", "1");
    pair.world.lagSeconds = null;
    await expect(run()).rejects.toThrow(/does not replicate/);
    expect(pair.done).toEqual(["unfence orders-prod-1 us-east-1"]);
  });

  it.each(there.slice(1).map((act) => [act]))(
    "ends the same when it was killed before %s",
    async (act) => {
      // A killed process takes nothing back: neither the fence nor the lock.
      const kill = () => new Promise<never>(() => {});
      const killed = new Promise<void>((resolve) => {
        pair.onAct = (now) => {
          if (now === act) {
            resolve();
            throw new Killed();
          }
        };
      });
      class Killed extends Error {}
      const setWriteAccess = pair.context.actions.setWriteAccess.bind(pair.context.actions);
      pair.context.actions.setWriteAccess = (...words) =>
        words[1] === "1" ? setWriteAccess(...words) : kill();
      void run().catch(() => {});
      await killed;
      pair.onAct = () => {};
      pair.context.actions.setWriteAccess = setWriteAccess;
      await run();
      expect(pair.world.recordTarget).toContain(`.${west}.`);
      expect(pair.done.filter((each) => each.startsWith("promote"))).toHaveLength(1);
      expect(await pair.flags("prod-east")).toMatchObject({ fenced: "true" });
    },
  );

  it("looks at each stack once after the move, side by side", async () => {
    const { engine } = pair.context;
    const looked: string[] = [];
    const preview: typeof engine.preview = (stack, ...rest) => {
      looked.push(stack);
      return engine.preview(stack, ...rest);
    };
    await switchover({ ...pair.context, engine: { ...engine, preview } }, pair.run);
    // The first one is the gate's, before anything is moved.
    expect(looked.slice(1).sort()).toEqual(["prod-east", "prod-west"]);
  });

  it("plans with a line for a shell for each step, and changes nothing", async () => {
    const { steps } = await planSwitchover(pair.context, pair.run, signal);
    expect(steps.map(({ id }) => id)).toEqual([
      "fence-source",
      "catch-up",
      "promote",
      "set-flags",
      "move-name",
      "verify",
      "settle-recovery",
      "settle-other",
      "settled",
    ]);
    expect(steps.every(({ byHand }) => byHand.length > 0)).toBe(true);
    expect(pair.done).toEqual([]);
  });
});
