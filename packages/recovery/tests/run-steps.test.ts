import { describe, expect, it } from "vitest";
import type { Journal, JournalEntry } from "../src/journal.ts";
import { planSteps, runSteps, type StepEvent } from "../src/run-steps.ts";
import type { Step } from "../src/step.ts";
import { ManualClock } from "./manual-clock.ts";

interface World {
  readonly done: Set<string>;
}

const step = (id: string, run?: () => Promise<void>): Step<World> => ({
  id,
  title: `Do ${id}`,
  byHand: () => [`aws ${id}`],
  isDone: async ({ done }) => done.has(id),
  async run({ done }, report) {
    report(`doing ${id}`);
    await run?.();
    done.add(id);
  },
});

function setting() {
  const [entries, events] = [[] as Omit<JournalEntry, "at">[], [] as StepEvent[]];
  const journal: Journal = { append: async (entry) => void entries.push(entry) };
  const abort = new AbortController();
  const run = {
    signal: abort.signal,
    clock: new ManualClock(),
    journal,
    tell: (event: StepEvent) => events.push(event),
  };
  return { entries, events, abort, run };
}

describe("running steps", () => {
  it("runs them in order, skips what is done, and writes down begin and end of each", async () => {
    const { entries, events, run } = setting();
    const world = { done: new Set(["fence"]) };
    const outcomes = await runSteps([step("fence"), step("promote"), step("name")], world, run);
    expect(outcomes.map(({ id, result }) => `${id} ${result}`)).toEqual([
      "fence already",
      "promote done",
      "name done",
    ]);
    expect(entries.map(({ event, step: id }) => `${event} ${id}`)).toEqual([
      "step-skipped fence",
      "step-begun promote",
      "step-done promote",
      "step-begun name",
      "step-done name",
    ]);
    expect(events.filter(({ kind }) => kind === "line")).toHaveLength(2);
  });

  it("stops at the first that fails, writes down why, and goes on there the next time", async () => {
    const { entries, run } = setting();
    const world = { done: new Set<string>() };
    let works = false;
    const steps = [
      step("promote"),
      step("name", async () => {
        if (!works) throw new Error("Route 53 does not answer");
      }),
      step("verify"),
    ];
    await expect(runSteps(steps, world, run)).rejects.toThrow("Route 53 does not answer");
    expect(entries.at(-1)).toEqual({
      event: "step-failed",
      step: "name",
      message: "Route 53 does not answer",
    });
    works = true;
    const outcomes = await runSteps(steps, world, run);
    expect(outcomes.map(({ result }) => result)).toEqual(["already", "done", "done"]);
  });

  it("begins no step after it was interrupted", async () => {
    const { abort, run } = setting();
    const world = { done: new Set<string>() };
    const steps = [
      step("promote", async () => abort.abort(new Error("interrupted by SIGINT"))),
      step("name"),
    ];
    await expect(runSteps(steps, world, run)).rejects.toThrow("interrupted by SIGINT");
    expect([...world.done]).toEqual(["promote"]);
  });

  it("plans without asking or changing anything", () => {
    const world = { done: new Set<string>() };
    expect(planSteps([step("promote")], world)).toEqual([
      { id: "promote", title: "Do promote", byHand: ["aws promote"] },
    ]);
    expect(world.done.size).toBe(0);
  });
});
