import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { moveAllows } from "../src/engine-gate.ts";
import { passGateAhead } from "../src/gate-ahead.ts";
import { readFlags } from "../src/stack-file.ts";
import { type FakePair, fakePair } from "./support/fake-pair.ts";

const signal = new AbortController().signal;

describe("the look at an update before anything is moved", () => {
  let pair: FakePair;
  beforeEach(async () => {
    pair = await fakePair();
  });
  afterEach(() => pair[Symbol.asyncDispose]());

  it("has the flags of the move in a copy of the stack file, and leaves the file alone", async () => {
    const seen: object[] = [];
    pair.context.engine.preview = async (stack, _signal, file = "") => {
      seen.push(await readFlags(file.slice(0, file.lastIndexOf("/")), stack));
      return [];
    };
    const passed = await passGateAhead(
      pair.context,
      "prod-west",
      { failover: "true" },
      moveAllows,
      signal,
    );
    expect(passed).toBe(true);
    // The command judges the loss, on what is live: the program's own question is answered here.
    expect(seen).toEqual([{ failover: "true", fenced: "false", acceptDataLoss: "orders-prod-1" }]);
    expect(await pair.flags("prod-west")).toEqual({ failover: "false", fenced: "false" });
  });

  it("settles what a killed engine had begun to create, and does not take that for a change", async () => {
    const type = "aws:rds/instance:Instance";
    const urn = "a::b::c::database-2";
    pair.drift.push({ operation: "create", type, urn, changed: [] });
    pair.pending.push({ urn, type, physicalName: "orders-prod-2", isComponent: false });
    pair.onAct = (act) => {
      if (act.startsWith("settle")) pair.drift.length = 0;
    };
    expect(await passGateAhead(pair.context, "prod-west", {}, moveAllows, signal)).toBe(true);
    expect(pair.done[0]).toBe("settle prod-west ");
  });

  it("looks at nothing for a database that the program does not own", async () => {
    const preview = vi.spyOn(pair.context.engine, "preview");
    const { recovery } = pair.context.deployment;
    const adopted = { ...recovery, database: { ...recovery.database, identifier: "legacy-db" } };
    const context = {
      ...pair.context,
      deployment: { ...pair.context.deployment, recovery: adopted },
    };
    expect(await passGateAhead(context, "prod-west", {}, moveAllows, signal)).toBe(false);
    expect(preview).not.toHaveBeenCalled();
  });
});
