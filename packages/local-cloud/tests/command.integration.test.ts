import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryFolder } from "../src/repository.ts";

const command = join(repositoryFolder, "packages/local-cloud/src/command.ts");

/** Everything of a cloud stands below one temporary folder: what belongs to it names that folder somewhere. */
function processesOf(temporary: string): string[] {
  const read = (file: string) => {
    try {
      return readFileSync(file, "utf8").replaceAll("\0", " ");
    } catch {
      return "";
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(
      (pid) =>
        read(`/proc/${pid}/environ`).includes(temporary) ||
        read(`/proc/${pid}/cmdline`).includes(temporary),
    )
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`)}`);
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function localCloud(
  words: readonly string[],
  temporary: string,
  interrupt?: { readonly signal: NodeJS.Signals; readonly afterMilliseconds: number },
): Promise<Ended> {
  const child = spawn(process.execPath, [command, ...words], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const timer =
    interrupt && setTimeout(() => child.kill(interrupt.signal), interrupt.afterMilliseconds);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(timer);
  return { code, stdout, stderr };
}

const temporaryFolder = () => mkdtemp(join(tmpdir(), "command-"));

function expectNothingLeft(temporary: string): void {
  expect(processesOf(temporary)).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
}

describe("npm run local-cloud", () => {
  it("runs one command in the cloud, passes its output and its exit code, and leaves nothing behind", async () => {
    const temporary = await temporaryFolder();
    const script = 'pulumi stack ls --json | grep -c prod-; printf "%s" "$PWD"; exit 7';
    const { code, stdout } = await localCloud(["bash", "-c", script], temporary);
    expect(code).toBe(7);
    expect(stdout).toMatch(/^2\n.*\/project$/);
    expectNothingLeft(temporary);
  });

  it("says so when the command does not exist", async () => {
    const temporary = await temporaryFolder();
    const { code, stderr } = await localCloud(["no-such-program"], temporary);
    expect(code).toBe(127);
    expect(stderr).toContain("no-such-program: command not found");
    expectNothingLeft(temporary);
  });

  it("never edits the committed stack files", async () => {
    const temporary = await temporaryFolder();
    const file = join(repositoryFolder, "Pulumi.prod-west.yaml");
    const before = readFileSync(file, "utf8");
    const script = "pulumi config set failover true -s prod-west && cat Pulumi.prod-west.yaml";
    const { stdout } = await localCloud(["bash", "-c", script], temporary);
    expect(stdout).toContain('standby:failover: "true"');
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("stands beside another one", async () => {
    const temporary = await temporaryFolder();
    const script = "local-cloud lose us-east-1 && local-cloud calls --json";
    const runs = await Promise.all([
      localCloud(["bash", "-c", script], temporary),
      localCloud(["bash", "-c", script], temporary),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expectNothingLeft(temporary);
  });

  it.each([30, 200, 500, 900, 1400, 2100, 3000])(
    "leaves nothing behind when it is interrupted after %i ms",
    async (afterMilliseconds) => {
      const temporary = await temporaryFolder();
      const { code } = await localCloud(["sleep", "30"], temporary, {
        signal: "SIGINT",
        afterMilliseconds,
      });
      expect(code).not.toBe(0);
      expectNothingLeft(temporary);
    },
  );

  it("takes its servers with it when it is killed with -9", async () => {
    const temporary = await temporaryFolder();
    await localCloud(
      ["bash", "-c", "pulumi up -s prod-east --yes --skip-preview && kill -9 $PPID"],
      temporary,
    );
    await expect
      .poll(() => processesOf(temporary).filter((line) => /mariadbd|function-host/.test(line)), {
        timeout: 10_000,
      })
      .toEqual([]);
  });
});
