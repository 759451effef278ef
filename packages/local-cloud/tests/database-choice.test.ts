import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findDatabase, presentDatabases } from "../src/database-choice.ts";

const mysqlVersion = "mysqld  Ver 8.4.6 for Linux on x86_64 (MySQL Community Server - GPL)";
const oldMysqlVersion = "mysqld  Ver 8.0.29 for Linux on x86_64 (MySQL Community Server - GPL)";
const mariadbVersion = "mysqld  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64";

/** Programs that know nothing but their version, alone on PATH; what packages installed elsewhere stays out of sight. */
vi.mock("../src/child-processes.ts", async (original) => {
  const real = await original<typeof import("../src/child-processes.ts")>();
  return {
    ...real,
    findPrograms: (name: string) => real.findPrograms(name),
    findProgram: (name: string) => real.findProgram(name),
  };
});

describe("the choice of a database server", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "standby-choice-"));
    vi.stubEnv("PATH", folder);
    vi.stubEnv("STANDBY_DATABASE", "");
    vi.stubEnv("STANDBY_MYSQLD", "");
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  const program = async (name: string, version: string) => {
    const file = join(folder, name);
    await writeFile(file, `#!/bin/sh\necho '${version}'\n`);
    await chmod(file, 0o755);
    return file;
  };
  const installMariadb = async () => {
    await program("mariadbd", mariadbVersion);
    await program("mariadb-install-db", "");
  };
  const chosen = async (wish: Parameters<typeof findDatabase>[0] = {}) =>
    (await findDatabase(wish)).program.version;

  it("takes MySQL when one is installed, beside MariaDB too", async () => {
    await installMariadb();
    await program("mysqld", mysqlVersion);
    expect(await chosen()).toBe("MySQL 8.4.6");
  });

  it("is not deceived by MariaDB's mysqld", async () => {
    await installMariadb();
    await program("mysqld", mariadbVersion);
    expect(await chosen()).toBe("MariaDB 10.11.19");
    await expect(chosen({ kind: "mysql" })).rejects.toThrow(/MySQL is missing/);
  });

  it("passes over a MySQL that is too old", async () => {
    await installMariadb();
    await program("mysqld", oldMysqlVersion);
    expect(await chosen()).toBe("MariaDB 10.11.19");
  });

  it("takes the server that the set-up made only when MySQL is asked for by name", async () => {
    await installMariadb();
    const madeMySql = await program("made", mysqlVersion);
    expect(await chosen({ madeMySql })).toBe("MariaDB 10.11.19");
    expect(await chosen({ madeMySql, kind: "mysql" })).toBe("MySQL 8.4.6");
    vi.stubEnv("STANDBY_DATABASE", "mysql");
    expect(await chosen({ madeMySql })).toBe("MySQL 8.4.6");
    expect(await chosen({ madeMySql, kind: "mariadb" })).toBe("MariaDB 10.11.19");
  });

  it("prefers a given server to an installed one", async () => {
    await program("mysqld", mysqlVersion);
    vi.stubEnv("STANDBY_MYSQLD", await program("given", mysqlVersion.replace("8.4.6", "9.7.4")));
    expect(await chosen()).toBe("MySQL 9.7.4");
  });

  it("refuses a given server that is no MySQL instead of taking another one", async () => {
    await program("mysqld", mysqlVersion);
    vi.stubEnv("STANDBY_MYSQLD", await program("given", mariadbVersion));
    await expect(chosen()).rejects.toThrow(/STANDBY_MYSQLD .* is no MySQL server/);
    vi.stubEnv("STANDBY_MYSQLD", join(folder, "nothing"));
    await expect(chosen()).rejects.toThrow(/STANDBY_MYSQLD .* is no MySQL server/);
  });

  it("refuses a name in STANDBY_DATABASE that it does not know", async () => {
    await installMariadb();
    vi.stubEnv("STANDBY_DATABASE", "postgres");
    await expect(chosen()).rejects.toThrow(/STANDBY_DATABASE .* use mysql or mariadb/);
  });

  it("says how to get a server where there is none", async () => {
    await expect(chosen()).rejects.toThrow(/MariaDB is missing: .*apt-get install/);
    await expect(chosen({ kind: "mysql" })).rejects.toThrow(/MySQL is missing: .*bootstrap.mjs/);
  });

  it("knows all that are present", async () => {
    expect(await presentDatabases()).toEqual([]);
    await installMariadb();
    const madeMySql = await program("made", mysqlVersion);
    const versions = (await presentDatabases(madeMySql)).map((each) => each.program.version);
    expect(versions).toEqual(["MySQL 8.4.6", "MariaDB 10.11.19"]);
  });
});
