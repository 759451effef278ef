import { expect, test } from "vitest";
import { Background } from "../src/background.ts";
import { Outages } from "../src/outages.ts";
import { east, west } from "./aws-fixture.ts";

test("a wait for several Regions ends when the last of them is back", async () => {
  const outages = new Outages();
  const background = new Background(outages);
  await outages.lose(east, "hang");
  await outages.lose(west, "5xx");
  let isReachable = false;
  const waiting = background.untilReachable(east, west).then(() => {
    isReachable = true;
  });
  await outages.restore(east);
  await Promise.resolve();
  expect(isReachable).toBe(false);
  await outages.restore(west);
  await waiting;
});

test("closing ends every wait, and nothing goes on after it", async () => {
  const outages = new Outages();
  const background = new Background(outages);
  await outages.lose(east, "hang");
  const events: string[] = [];
  background.start(async () => {
    await background.untilReachable(east);
    events.push("reached");
  });
  background.start(async () => {
    await background.sleep(60);
    events.push("slept");
  });
  await background.close();
  await outages.restore(east);
  background.start(async () => {
    events.push("started");
  });
  expect(events).toEqual([]);
});

test("closing does not wait for a task that never ends", async () => {
  const background = new Background(new Outages());
  background.start(() => new Promise<void>(() => {}));
  await background.close();
});
