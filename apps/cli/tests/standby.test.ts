import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const bin = fileURLToPath(new URL("../src/standby.ts", import.meta.url));
const standby = (...words: readonly string[]) =>
  promisify(execFile)(process.execPath, [bin, ...words], { timeout: 10_000 });

it("shows its help as a process of its own", async () => {
  const { stdout } = await standby("--help");
  expect(stdout).toContain("drill");
});

it("leaves with the exit code of a usage error", async () => {
  await expect(standby("drill", "--lose", "politely")).rejects.toMatchObject({
    code: 2,
    stdout: "",
  });
});
