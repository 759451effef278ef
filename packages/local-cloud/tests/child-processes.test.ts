import { once } from "node:events";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, describe, expect, it, vi } from "vitest";
import { BoundProcess, findProgram } from "../src/child-processes.ts";

describe("bound processes", () => {
  const started: BoundProcess[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((process) => process.kill()));
  });

  const start = async (command: string, ...parameters: string[]) => {
    const process = await BoundProcess.start(command, parameters, {
      environment: { PATH: "/usr/bin:/bin" },
      folder: tmpdir(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    started.push(process);
    return process;
  };

  it("pass arguments as they are", async () => {
    const process = await start("printf", "%s|", "a b", "$HOME", "'\"");
    const output: Buffer[] = [];
    process.child.stdout?.on("data", (piece: Buffer) => output.push(piece));
    expect(await process.exited).toEqual({ code: 0, signal: null });
    expect(Buffer.concat(output).toString()).toBe("a b|$HOME|'\"|");
  });

  it("end at a polite request when they heed it, frozen or not", async () => {
    const process = await start("sleep", "60");
    process.freeze();
    await process.stop(10);
    expect(process.exit?.signal).toBe("SIGTERM");
  });

  it("are killed when they do not heed it", async () => {
    const process = await start(
      "sh",
      "-c",
      "trap '' TERM; echo trapped; while :; do sleep 0.05; done",
    );
    await once(process.child.stdout ?? process.child, "data");
    await process.stop(0.1);
    expect(process.exit?.signal).toBe("SIGKILL");
  });

  it("count as gone although a child of theirs holds their output open", async () => {
    const process = await start("sh", "-c", "sleep 5 & echo $!; wait");
    const [line] = (await once(process.child.stdout ?? process.child, "data")) as [Buffer];
    await process.kill();
    expect(existsSync(`/proc/${process.pid}`)).toBe(false);
    globalThis.process.kill(Number(line.toString()), "SIGKILL");
  });

  it("report a program that does not exist as one that failed", async () => {
    const process = await start("/does/not/exist");
    expect((await process.exited).code).toBe(127);
    process.thaw();
    await process.stop(1);
  });

  it("are refused on a machine that cannot bind them, with the command that helps", async () => {
    vi.resetModules();
    vi.doMock("node:fs/promises", async (original) => ({
      ...(await original<typeof import("node:fs/promises")>()),
      access: () => Promise.reject(new Error("nothing here")),
    }));
    const fresh = await import("../src/child-processes.ts");
    const refused = fresh.BoundProcess.start("true", [], {
      environment: {},
      folder: tmpdir(),
      stdio: "ignore",
    });
    await expect(refused).rejects.toMatchObject({ name: "MissingProgramError" });
    await expect(refused).rejects.toThrow(/apt-get install util-linux/);
    vi.doUnmock("node:fs/promises");
  });

  it("find programs on the PATH and in further folders", async () => {
    expect(await findProgram("sh")).toMatch(/\/sh$/);
    expect(await findProgram("no-such-program", ["/usr/sbin"])).toBeUndefined();
  });
});
