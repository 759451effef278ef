import { hostname } from "node:os";
import { beforeEach, describe, expect, it } from "vitest";
import { currentOperation, type LockTools, takeLock } from "../src/lock.ts";
import type { Owner } from "../src/owner.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryStore } from "./memory-store.ts";

const ann: Owner = { user: "ann", host: "laptop-a", pid: 11 };
const bob: Owner = { user: "bob", host: "laptop-b", pid: 22 };
const signal = new AbortController().signal;

describe("the lock of a pair", () => {
  let store: MemoryStore;
  let clock: ManualClock;
  const tools = (owner: Owner, gone = false): LockTools => ({
    store,
    clock,
    owner,
    isGone: () => gone,
  });
  beforeEach(() => {
    store = new MemoryStore();
    clock = new ManualClock();
  });

  it("lets one operator win and tells the other who it is, and since when", async () => {
    const [first, second] = await Promise.allSettled([
      takeLock("failover", tools(ann), signal),
      takeLock("failover", tools(bob), signal),
    ]);
    expect(first.status).toBe("fulfilled");
    expect(second).toMatchObject({
      status: "rejected",
      reason: {
        name: "RefusedError",
        message:
          "A failover of this pair is under way: ann@laptop-a (pid 11), since 2026-11-24T03:12:44.000Z.",
      },
    });
  });

  it("is free again after its release", async () => {
    const lock = await takeLock("rebuild", tools(ann), signal);
    await lock.release();
    expect(await currentOperation(tools(bob), signal)).toBeUndefined();
    const next = await takeLock("switchover", tools(bob), signal);
    expect(next.takenFrom).toBeUndefined();
    await next.release();
  });

  it("stays its owner's for as long as it is renewed", async () => {
    const lock = await takeLock("rebuild", tools(ann), signal);
    for (let minute = 0; minute < 5; minute += 1) await clock.advance(60);
    await expect(takeLock("failover", tools(bob), signal)).rejects.toThrow(/ann@laptop-a/);
    expect(lock.signal.aborted).toBe(false);
    await lock.release();
  });

  it("is taken over from an owner who fell silent, after being watched for a renewal", async () => {
    const dead = await takeLock("failover", tools(ann), signal);
    store.broken = true;
    await clock.advance(70);
    store.broken = false;
    const taking = takeLock("failover", tools(bob), signal);
    await clock.advance(30);
    const lock = await taking;
    expect(lock.takenFrom).toMatchObject({ owner: "ann@laptop-a (pid 11)", kind: "failover" });
    expect(dead.signal.aborted).toBe(true);
    await Promise.all([dead.release(), lock.release()]);
    expect(await currentOperation(tools(bob), signal)).toBeUndefined();
  });

  it("is not taken from an owner whose clock is slow but who still renews it", async () => {
    const lock = await takeLock("failover", tools(ann), signal);
    const ahead: LockTools = {
      ...tools(bob),
      clock: { now: () => clock.now() + 600_000, sleep: (...args) => clock.sleep(...args) },
    };
    const taking = takeLock("failover", ahead, signal);
    const refusal = expect(taking).rejects.toThrow(/ann@laptop-a/);
    await clock.advance(30);
    await refusal;
    await lock.release();
  });

  it("is taken over at once from a process of this machine that no longer runs", async () => {
    const here = { ...ann, host: hostname() };
    await takeLock("failover", tools(here), signal);
    const lock = await takeLock("failover", tools(bob, true), signal);
    expect(lock.takenFrom?.owner).toContain("ann@");
  });

  it("tells its owner when somebody else took it", async () => {
    const lock = await takeLock("failover", tools(ann), signal);
    const stored = store.objects.get("lock.json");
    await store.write("lock.json", stored?.text ?? "", stored?.version ?? "");
    await clock.advance(20);
    expect(lock.signal.reason).toMatchObject({ name: "RecoveryError" });
    await lock.release();
  });

  it("is lost before it expires when it cannot be renewed", async () => {
    const lock = await takeLock("failover", tools(ann), signal);
    store.broken = true;
    await clock.advance(40);
    expect(lock.signal.aborted).toBe(false);
    await clock.advance(20);
    expect(lock.signal.aborted).toBe(true);
    await lock.release();
  });
});
