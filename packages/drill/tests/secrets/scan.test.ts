import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodings } from "../../secrets/encodings.ts";
import { commandLines, scanFolder } from "../../secrets/places.ts";
import { SecretScan } from "../../secrets/scan.ts";

// The question marks make base64 of every alignment hold a sign that its URL form writes otherwise.
const password = `p4ss????"w\\rd/+&'<é>`;

const found = (content: string | Buffer, sought = password) => {
  const scan = new SecretScan([sought]);
  scan.look("here", content);
  return scan.leaks.map(({ encoding }) => encoding);
};

const value = JSON.stringify({ username: "orders", password });

/** How a password ends up in what people and programs write, by encoding. */
const written: Readonly<Record<string, readonly (string | Buffer)[]>> = {
  plain: [`connecting as orders:${password}@db`],
  JSON: [value],
  "JSON in JSON": [JSON.stringify({ SecretString: value })],
  URL: [
    `mysql://orders:${encodeURIComponent(password)}@db`,
    String(new URLSearchParams({ password })),
  ],
  HTML: ["<td>p4ss????&quot;w\\rd/+&amp;&#39;&lt;é&gt;</td>"],
  base64: ["", "x", "xy"].map((before) =>
    Buffer.from(`${before}${password}zzz`).toString("base64"),
  ),
  base64url: ["", "x", "xy"].map((before) =>
    Buffer.from(`${before}${password}zzz`).toString("base64url"),
  ),
  hexadecimal: [Buffer.from(password).toString("hex")],
  "UTF-16": [Buffer.from(password, "utf16le")],
};

describe("a scan for passwords", () => {
  it.each(encodings.map(({ name }) => name))("finds one that was written as %s", (name) => {
    const cases = written[name] ?? [];
    expect(cases).not.toEqual([]);
    for (const content of cases) expect(found(content), String(content)).toContain(name);
  });

  it("finds nothing where there is none, and says how much it looked at", () => {
    const scan = new SecretScan([password, "another-password"]);
    scan.look("one", "orders-prod is ready");
    scan.look("two", Buffer.from(`p4ss????"w\\rd`).toString("base64"));
    expect(scan.leaks).toEqual([]);
    expect(scan.places).toBe(2);
  });

  it("names the place and the number of the password, never the password", () => {
    const scan = new SecretScan(["first-password", password]);
    scan.look("the log", `with ${password}`);
    expect(scan.leaks).toContainEqual({ place: "the log", password: 1, encoding: "plain" });
    expect(JSON.stringify(scan.leaks)).not.toContain("p4ss");
  });

  it("looks into every file of a folder but those left out", async () => {
    const folder = await mkdtemp(join(tmpdir(), "scan-"));
    try {
      await mkdir(join(folder, "deep", "deeper"), { recursive: true });
      await writeFile(join(folder, "deep", "deeper", "log"), value);
      await writeFile(join(folder, "left-out"), value);
      const scan = new SecretScan([password]);
      await scanFolder(scan, folder, (path) => path.endsWith("left-out"));
      expect(scan.leaks.map(({ place }) => place)).toEqual([join(folder, "deep", "deeper", "log")]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("sees what a process was started with", async () => {
    const child = spawn(process.execPath, ["-e", "process.stdin.resume()", "--", "hunter-2222"]);
    try {
      await new Promise((resolve) => child.once("spawn", resolve));
      const scan = new SecretScan(["hunter-2222"]);
      for (const line of await commandLines()) scan.look("processes", line);
      expect(scan.leaks).toHaveLength(1);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
