import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { environmentOf, environmentScript } from "../src/environment.ts";

const cloud = {
  folder: "/tmp/standby-x",
  projectFolder: tmpdir(),
  endpoint: "http://127.0.0.1:4321",
  dnsPort: 5300,
  passphrase: "it's secret",
};

describe("the environment of a local cloud", () => {
  it("keeps nothing that could lead an AWS tool or Pulumi to a real account", () => {
    vi.stubEnv("AWS_PROFILE", "production");
    vi.stubEnv("AWS_SESSION_TOKEN", "real");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAREAL");
    vi.stubEnv("PULUMI_ACCESS_TOKEN", "pul-real");
    const text = JSON.stringify(environmentOf(cloud));
    for (const real of ["production", "real", "AKIAREAL"]) expect(text).not.toContain(real);
  });

  it("puts its own tools before everything else on PATH", () => {
    expect(environmentOf(cloud)["PATH"]).toMatch(/^\/tmp\/standby-x\/bin:.*node_modules\/\.bin:/);
  });

  it("gives a shell that sources the script the same values, even with quotes in them", async () => {
    const folder = await mkdtemp(join(tmpdir(), "environment-"));
    const file = join(folder, "env");
    const environment = environmentOf(cloud);
    writeFileSync(file, environmentScript(environment, cloud.projectFolder));
    const print = `. ${file} && printf '%s|%s|%s|%s' "$PULUMI_CONFIG_PASSPHRASE" "$AWS_ENDPOINT_URL" "\${AWS_PROFILE-unset}" "$PWD"`;
    const seen = execFileSync("bash", ["-c", print], {
      encoding: "utf8",
      env: { ...process.env, AWS_PROFILE: "production" },
    });
    expect(seen).toBe(`it's secret|http://127.0.0.1:4321|unset|${tmpdir()}`);
  });
});
