// MySQL, for those who ask for it: from Debian's packages into a folder of this user, without root and without a chroot.
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cache, find, findAll, run, step } from "./machine.mjs";

/** Debian's packages of MariaDB install a `mysqld` too: only the version tells whose it is. */
export async function findInstalledMysql() {
  for (const file of findAll("mysqld", "/usr/sbin", "/usr/local/sbin", "/usr/libexec")) {
    const version = await run(file, ["--no-defaults", "--version"]).catch(() => "");
    if (/\bVer \d/.test(version) && !version.includes("MariaDB")) return file;
  }
  return undefined;
}

/** `words` are the command's that comes after the set-up. */
export const asksForMysql = (words) =>
  words.some((word, index) => `${word}=${words[index + 1]}` === "--database=mysql") ||
  words.includes("--database=mysql") ||
  process.env.STANDBY_DATABASE === "mysql" ||
  (process.env.STANDBY_TEST_DATABASES ?? "").split(",").includes("mysql");

export const madeMysql = join(cache, "mysql", "mysqld");
const debianKeys = "/usr/share/keyrings/debian-archive-keyring.gpg";
export const mysql = {
  title: "MySQL",
  ready: async () =>
    existsSync(madeMysql) ||
    Boolean(process.env.STANDBY_MYSQLD) ||
    (await findInstalledMysql()) !== undefined,
  missing: () =>
    find("apt-get") && find("dpkg-deb") && existsSync(debianKeys)
      ? []
      : [
          "MySQL is missing, and only on Debian can the set-up bring it: install MySQL 8.4 or later with this system's package manager, or name its server with STANDBY_MYSQLD=<path of mysqld>",
        ],
  make: () =>
    step(
      "MySQL from Debian's unstable, in a folder of this user",
      "about 30 s",
      async (progress) => {
        const work = join(cache, `building-${randomUUID()}`);
        try {
          progress("reading the list of packages");
          const packageFiles = await downloadMysql(work, progress);
          progress("unpacking");
          for (const file of packageFiles) await run("dpkg-deb", ["-x", file, join(work, "root")]);
          writeFileSync(join(work, "mysqld"), mysqlLauncher(work), { mode: 0o755 });
          await run(join(work, "mysqld"), ["--no-defaults", "--version"]);
          rmSync(join(work, "apt"), { recursive: true });
          renameSync(work, dirname(madeMysql));
        } catch (error) {
          // The set-up of another folder was quicker.
          if (!existsSync(madeMysql)) throw error;
        } finally {
          rmSync(work, { recursive: true, force: true });
        }
      },
    ),
};

/** By an apt of its own: nothing is installed, and neither this system's packages nor its sources matter. Returns files. */
async function downloadMysql(work, progress) {
  const apt = join(work, "apt");
  for (const folder of ["state/lists/partial", "cache/archives/partial", "parts"])
    mkdirSync(join(apt, folder), { recursive: true });
  writeFileSync(join(apt, "status"), "");
  const origin = `deb [signed-by=${debianKeys}] http://deb.debian.org/debian sid main\n`;
  writeFileSync(join(apt, "sources.list"), origin);
  // apt's own user cannot write in a home folder, hence `root`: no change of user.
  writeFileSync(
    join(apt, "apt.conf"),
    `Dir::State "${apt}/state"; Dir::State::status "${apt}/status"; Dir::Cache "${apt}/cache";
Dir::Etc::sourcelist "${apt}/sources.list"; Dir::Etc::sourceparts "${apt}/parts";
Dir::Etc::preferences "${apt}/none"; Dir::Etc::preferencesparts "${apt}/parts";
Acquire::Languages "none"; Acquire::Retries "3"; Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
APT::Sandbox::User "root";
#clear APT::Update::Post-Invoke-Success;
#clear APT::Update::Post-Invoke;
`,
  );
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["-c", join(apt, "apt.conf"), "update", "--error-on=any"], { env });
  progress("downloading 60 MB of packages");
  const download = ["install", "--download-only", "--no-install-recommends", "-y"];
  await run("apt-get", ["-c", join(apt, "apt.conf"), ...download, "mysql-server-core"], { env });
  const archives = join(apt, "cache", "archives");
  // Perl is there for MySQL's scripts only.
  return readdirSync(archives)
    .filter((name) => name.endsWith(".deb") && !/^(lib)?perl/.test(name))
    .map((name) => join(archives, name));
}

/** Runs the server with its own loader and libraries: newer than this system's, and no chroot is needed. */
function mysqlLauncher(work) {
  const libraries = join(work, "root", "usr", "lib");
  for (const folder of readdirSync(libraries).filter((name) => name.includes("-linux-gnu"))) {
    const loader = readdirSync(join(libraries, folder)).find((name) =>
      /^ld-linux.*\.so/.test(name),
    );
    if (loader)
      return `#!/bin/sh
root="\${0%/*}/root"
exec "$root/usr/lib/${folder}/${loader}" --library-path "$root/usr/lib/${folder}" "$root/usr/sbin/mysqld" "$@"
`;
  }
  throw new Error("The packages hold no loader (ld-linux*.so).");
}
