import { describe, expect, it } from "vitest";
import { openJournal, readJournal } from "../src/journal.ts";
import { absent } from "../src/recovery-bucket.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryStore } from "./memory-store.ts";

const signal = new AbortController().signal;
const run = (id: string, since: string) => ({
  id,
  since,
  kind: "failover" as const,
  owner: "ann@laptop-a (pid 11)",
  reason: "us-east-1 is dark",
  resumes: undefined,
});

describe("the journal", () => {
  it("keeps each run with its entries in their order, oldest run first", async () => {
    const [store, clock, warnings] = [new MemoryStore(), new ManualClock(), [] as string[]];
    const tools = { store, clock, warn: (line: string) => warnings.push(line) };
    const second = openJournal(run("bb", "2026-11-24T04:00:00.000Z"), tools);
    const first = openJournal(run("aa", "2026-11-24T03:00:00.000Z"), tools);
    await first.append({ event: "begun" });
    await first.append({ event: "step-begun", step: "promote" });
    await second.append({ event: "begun" });
    const runs = await readJournal(store, signal);
    expect(runs.map(({ id, entries }) => [id, entries.map(({ event }) => event)])).toEqual([
      ["aa", ["begun", "step-begun"]],
      ["bb", ["begun"]],
    ]);
    expect(await readJournal(store, signal, 1)).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it("tells that it could not be written and holds nobody up", async () => {
    const [store, warnings] = [new MemoryStore(), [] as string[]];
    store.broken = true;
    const journal = openJournal(run("aa", "2026-11-24T03:00:00.000Z"), {
      store,
      clock: new ManualClock(),
      warn: (line) => warnings.push(line),
    });
    await journal.append({ event: "begun" });
    expect(warnings).toEqual(["The journal was not written: no answer"]);
    store.broken = false;
    await journal.append({ event: "step-begun", step: "promote" });
    const [written] = await readJournal(store, signal);
    expect(written?.entries.map(({ event }) => event)).toEqual(["begun", "step-begun"]);
  });

  it("leaves out what another version wrote", async () => {
    const store = new MemoryStore();
    await store.write("journal/x.json", `{"schema":"standby.journal/9"}`, absent);
    expect(await readJournal(store, signal)).toEqual([]);
  });
});
