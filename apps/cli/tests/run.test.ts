import type { DrillOptions, DrillReport } from "@standby/drill";
import { beforeEach, expect, it, vi } from "vitest";
import { run } from "../src/run.ts";
import { fakeTerminal } from "./support/terminal.ts";

const drill = vi.hoisted(() => ({
  loaded: 0,
  options: undefined as DrillOptions | undefined,
  run: async (_options: DrillOptions): Promise<Partial<DrillReport>> => ({ ok: true }),
}));

vi.mock("@standby/drill", () => {
  drill.loaded += 1;
  return {
    narratorFor: (stream: NodeJS.WriteStream) => {
      stream.write("progress\n");
      return undefined;
    },
    reportText: (report: DrillReport, { colour }: { colour: boolean }) =>
      `report ${report.ok} colour ${colour}`,
    runDrill: (options: DrillOptions) => {
      drill.options = options;
      return drill.run(options);
    },
  };
});

async function standby(
  words: readonly string[],
  options: { abort?: boolean; isTTY?: boolean } = {},
) {
  const { terminal, stdout, stderr } = fakeTerminal(options);
  const code = await run(words, terminal);
  await new Promise(setImmediate);
  return { code, stdout: stdout(), stderr: stderr() };
}

beforeEach(() => {
  drill.options = undefined;
  drill.run = async () => ({ ok: true });
  vi.stubEnv("NO_COLOR", "");
});

it("prints help with the exit codes without loading the drill", async () => {
  const { code, stdout } = await standby(["drill", "--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain("--clock <clock>");
  expect(stdout).toMatch(/130\s+interrupted/);
  expect(drill.loaded).toBe(0);
});

it.each([
  [["drill", "--clock", "slow"], /Allowed choices are fast, aws/],
  [["drill", "--database", "postgres"], /Allowed choices are mysql, mariadb/],
  [["drill", "--lose", "politely"], /Allowed choices are hang, refuse, 5xx/],
  [["drill", "--seconds", "0"], /number from 1 to 600/],
  [["drill", "--seconds", "many"], /number from 1 to 600/],
  [["drill", "--seconds", ""], /number from 1 to 600/],
  [["drill", "everything"], /too many arguments/],
  [["drill", "--live", "--clock", "aws"], /--live' cannot be used with option '--clock/],
  [["drill", "--live", "--course", "failover"], /--live' cannot be used with option '--course/],
  [["drill", "--yes"], /--stack and --yes are for a drill with --live/],
  [["drill", "-s", "prod-west"], /--stack and --yes are for a drill with --live/],
  [["failover", "--read-only", "--accept-data-loss", "5"], /cannot be used with option/],
  [["drill", "--fast"], /unknown option '--fast'/],
  [["dril"], /unknown command 'dril'/],
  [[], /Usage: standby/],
])("answers %j with exit code 2 and nothing on stdout", async (words, message) => {
  const { code, stdout, stderr } = await standby(words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
});

it("passes its options on and has defaults for all of them", async () => {
  await standby(["drill"]);
  expect(drill.options).toMatchObject({
    clock: "fast",
    lossMode: "hang",
    pacing: { loadSeconds: 5 },
    keep: false,
  });
  expect(drill.options).not.toHaveProperty("database");
  await standby(["drill", "--clock", "aws", "--lose", "5xx", "--seconds", "2.5", "--keep"]);
  expect(drill.options).toMatchObject({
    clock: "aws",
    lossMode: "5xx",
    pacing: { loadSeconds: 2.5 },
    keep: true,
  });
  await standby(["drill", "--database", "mysql"]);
  expect(drill.options).toMatchObject({ database: "mysql" });
});

it("prints exactly one JSON document on stdout with --json, progress on stderr", async () => {
  const { code, stdout, stderr } = await standby(["drill", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ ok: true });
  expect(stderr).toBe("progress\n");
});

it("exits with 1 when a check does not hold, and still prints the report", async () => {
  drill.run = async () => ({ ok: false });
  const { code, stdout } = await standby(["drill"]);
  expect(code).toBe(1);
  expect(stdout).toContain("report false");
});

it("colours on a terminal only, and never against NO_COLOR", async () => {
  expect((await standby(["drill"])).stdout).toContain("colour false");
  expect((await standby(["drill"], { isTTY: true })).stdout).toContain("colour true");
  vi.stubEnv("NO_COLOR", "1");
  expect((await standby(["drill"], { isTTY: true })).stdout).toContain("colour false");
});

it("exits with 130 when it was interrupted, and says so in JSON too", async () => {
  drill.run = async ({ signal }) => {
    throw signal?.reason;
  };
  const { code, stdout, stderr } = await standby(["drill", "--json"], { abort: true });
  expect(code).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false });
  expect(stderr).toContain("Interrupted");
});

it("exits with 1 and one JSON document when the drill throws", async () => {
  drill.run = async () => {
    throw new Error("no space left");
  };
  const { code, stdout, stderr } = await standby(["drill", "--json"]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, summary: "no space left" });
  expect(stderr).toContain("no space left");
});
