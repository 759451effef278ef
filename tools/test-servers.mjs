// Prints the programs that tests on real servers run, with their versions. A passed run is replayed by Nx only while this stays the same.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { find, modules, run } from "./bootstrap/machine.mjs";
import { findInstalledMysql } from "./bootstrap/mysql.mjs";

const made = () => {
  try {
    return JSON.parse(readFileSync(join(modules, ".standby-tools.json"), "utf8"));
  } catch {
    return {};
  }
};

const versionOf = async (file, ...question) =>
  file ? (await run(file, question).catch((error) => error.message)).trim() : "none";

const { pulumi, mysqlServer } = made();
const given = process.env.STANDBY_MYSQLD;
const servers = {
  pulumi: await versionOf(pulumi, "version"),
  mariadb: await versionOf(
    find("mariadbd", "/usr/sbin", "/usr/local/sbin", "/usr/libexec"),
    "--no-defaults",
    "--version",
  ),
  mysql: await versionOf(
    given || (await findInstalledMysql()) || mysqlServer,
    "--no-defaults",
    "--version",
  ),
};
console.log(JSON.stringify(servers));
