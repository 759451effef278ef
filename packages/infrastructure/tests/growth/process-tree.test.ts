import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { watched } from "../../growth/process-tree.ts";

/** Keeps 60 MB and a processor busy for a while, in the child of a child. */
const busy = `
  const held = Buffer.alloc(60e6, 1);
  const until = Date.now() + 600;
  while (Date.now() < until) held[0] += 1;
`;
const parent = `
  const { spawnSync } = require("node:child_process");
  spawnSync(process.execPath, ["-e", ${JSON.stringify(busy)}]);
`;

it("counts memory and processor time of a process's descendants", async () => {
  const child = spawn(process.execPath, ["-e", parent], { stdio: "ignore" });
  const usage = await watched(child.pid ?? 0, once(child, "exit"));
  expect(usage.peakMegabytes).toBeGreaterThan(100);
  expect(usage.processorSeconds).toBeGreaterThan(0.05);
});

it("counts nothing of a process that has ended", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: "pipe" });
  await once(child, "spawn");
  child.stdin.end();
  await once(child, "exit");
  const usage = await watched(child.pid ?? 0, Promise.resolve());
  expect(usage).toEqual({ peakMegabytes: 0, processorSeconds: 0 });
});
