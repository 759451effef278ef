// Makes a fresh machine ready for `npm run drill` and `npm test`: with only Node >= 20, npm and Go it brings the rest.
// No dependency and no syntax newer than Node 20 may stand here: this runs before anything is installed.
// `--database mysql` (or STANDBY_DATABASE=mysql) brings MySQL as well; other arguments are the command's that comes next.
// Prints to stderr only, so that `--json` commands keep stdout for themselves.
import { createHash, randomUUID } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cache, find, modules, root, run, say, seconds, step } from "./bootstrap/machine.mjs";
import { asksForMysql, findInstalledMysql, madeMysql, mysql } from "./bootstrap/mysql.mjs";

const started = Date.now();
const fileHash = (...files) => {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
};

// --- npm packages ---------------------------------------------------------------------------------------------------

const installed = join(modules, ".standby-installed");
const wanted = () => fileHash(join(root, "package-lock.json"), join(root, "package.json"));
const packages = {
  title: "npm packages",
  ready: () => existsSync(installed) && readFileSync(installed, "utf8") === wanted(),
  missing: () =>
    find("npm") ? [] : ["npm is missing: it comes with Node.js, https://nodejs.org/en/download"],
  make: () =>
    step("npm packages", "about 1 min", async () => {
      const hash = wanted();
      // Not `npm ci`: since npm 11.19 it refuses a lock file that does not list the optional packages of every other platform.
      // This takes the locked versions just as well, and `--no-save` leaves the lock file alone.
      await run("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]);
      const version = (await run(join(modules, ".bin", "node"), ["--version"])).trim();
      if (Number(version.slice(1).split(".")[0]) < 24)
        throw new Error(
          `The packaged Node.js is ${version}, 24 or newer is needed: is npm set to ignore install scripts?`,
        );
      writeFileSync(installed, hash);
    }),
};

// --- a database server ----------------------------------------------------------------------------------------------

const debianPackages = ["mariadb-server-core", "mariadb-client-core"];
const installCommand = `apt-get install --no-install-recommends ${debianPackages.join(" ")}`;
const findMariadb = () =>
  find("mariadb-install-db", "/usr/sbin")
    ? find("mariadbd", "/usr/sbin", "/usr/local/sbin")
    : undefined;
const databaseServer = {
  title: "database server",
  // Beside an installed MySQL no MariaDB is brought: their packages exclude each other.
  ready: async () => findMariadb() !== undefined || (await findInstalledMysql()) !== undefined,
  missing() {
    if (!find("apt-get"))
      return [
        "MariaDB's server (mariadbd, mariadb-install-db) is missing: install it with this system's package manager, for example dnf install mariadb-server",
      ];
    if (process.getuid?.() !== 0)
      return [`MariaDB's server is missing, and only root can install it: sudo ${installCommand}`];
    return [];
  },
  make: () =>
    step("MariaDB server (Debian packages, no service is started)", "about 30 s", async () => {
      const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
      const install = [
        "-o",
        "DPkg::Lock::Timeout=120",
        "install",
        "-y",
        "--no-install-recommends",
        ...debianPackages,
      ];
      await run("apt-get", ["update"], { env });
      await run("apt-get", install, { env });
      if (!findMariadb())
        throw new Error("The packages are installed, but mariadbd is not to be found.");
    }),
};

// --- the Pulumi command line ----------------------------------------------------------------------------------------

const goModule = join(root, "tools", "pulumi-cli");
const pinned =
  /github\.com\/pulumi\/pulumi\/pkg\/v3 (v\S+)/.exec(
    readFileSync(join(goModule, "go.mod"), "utf8"),
  )?.[1] ?? "";
const goNeeded = /^go (\d+)\.(\d+)/m.exec(readFileSync(join(goModule, "go.mod"), "utf8"));
const builtPulumi = join(
  cache,
  `pulumi-${pinned}-${fileHash(join(goModule, "go.mod"), join(goModule, "go.sum"))}`,
  "pulumi",
);
const minor = (version) => Number(/^v?3\.(\d+)\./.exec(version)?.[1] ?? -1);

async function findPulumi() {
  if (existsSync(builtPulumi)) return builtPulumi;
  const onPath = find("pulumi");
  if (!onPath) return undefined;
  const version = await run(onPath, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  }).catch(() => "");
  return minor(version.trim()) >= minor(pinned) ? onPath : undefined;
}

const pulumi = {
  title: "Pulumi CLI",
  ready: async () => (await findPulumi()) !== undefined,
  async missing() {
    const go = find("go", "/usr/local/go/bin");
    const install = `https://go.dev/dl (or install Pulumi ${pinned} or newer: https://www.pulumi.com/docs/install)`;
    if (!go)
      return [
        `Go ${goNeeded?.[1]}.${goNeeded?.[2]} or newer is missing, it builds the Pulumi CLI: ${install}`,
      ];
    const [, major = 0, minorVersion = 0] =
      /go(\d+)\.(\d+)/.exec(await run(go, ["env", "GOVERSION"])) ?? [];
    const old =
      Number(major) * 1000 + Number(minorVersion) <
      Number(goNeeded?.[1]) * 1000 + Number(goNeeded?.[2]);
    return old
      ? [
          `Go ${major}.${minorVersion} is too old to build the Pulumi CLI, ${goNeeded?.[1]}.${goNeeded?.[2]} is needed: ${install}`,
        ]
      : [];
  },
  make: () =>
    step(
      `Pulumi CLI ${pinned}, built once for this user`,
      "3 to 6 min on two cores",
      async (progress) => {
        const work = join(cache, `building-${randomUUID()}`);
        mkdirSync(work, { recursive: true });
        try {
          // In a copy: `-mod=mod` may rewrite go.mod, and the committed one must not change.
          for (const file of ["go.mod", "go.sum"])
            copyFileSync(join(goModule, file), join(work, file));
          let compiled = 0;
          const go = find("go", "/usr/local/go/bin");
          const flags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${pinned}`;
          await run(
            go,
            [
              "build",
              "-v",
              "-mod=mod",
              "-ldflags",
              flags,
              "-o",
              join(work, "pulumi"),
              "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
            ],
            {
              cwd: work,
              onLine: (line) => {
                if (!line.startsWith("go: ")) compiled += 1;
                progress(compiled === 0 ? "downloading modules" : `${compiled} packages compiled`);
              },
            },
          );
          mkdirSync(dirname(builtPulumi), { recursive: true });
          renameSync(join(work, "pulumi"), builtPulumi);
        } finally {
          rmSync(work, { recursive: true, force: true });
        }
      },
    ),
};

// --- all of it ------------------------------------------------------------------------------------------------------

/** One set-up at a time in this folder: two of npm's at once would break each other. */
async function locked(work) {
  const lock = join(
    tmpdir(),
    `standby-set-up-${createHash("sha256").update(root).digest("hex").slice(0, 12)}.lock`,
  );
  for (let told = false; ; told = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const owner = Number(existsSync(lock) ? readFileSync(lock, "utf8") : 0);
      if (owner === 0 || !alive(owner)) rmSync(lock, { force: true });
      else if (!told) say(`waiting for another set-up of this folder (process ${owner})`);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

async function bootstrap() {
  const asked = asksForMysql(process.argv.slice(2));
  const parts = [packages, databaseServer, ...(asked ? [mysql] : []), pulumi];
  const pending = async () => {
    const ready = await Promise.all(parts.map((part) => part.ready()));
    return parts.filter((_, index) => !ready[index]);
  };
  if ((await pending()).length > 0)
    await locked(async () => {
      const todo = await pending();
      const missing = (await Promise.all(todo.map((part) => part.missing()))).flat();
      if (missing.length > 0)
        throw new Error(
          ["This machine lacks something that the set-up cannot bring:", ...missing].join("\n  - "),
        );
      if (todo.length > 0) say(`to do: ${todo.map((part) => part.title).join(", ")}`);
      const results = await Promise.allSettled(todo.map((part) => part.make()));
      const failed = results
        .filter((result) => result.status === "rejected")
        .map((result) => result.reason.message);
      if (failed.length > 0)
        throw new Error(
          `${failed.join("\n\n")}\n\nWhat is done stays done: run the same command again to go on.`,
        );
      say(`ready after ${seconds(started)}`);
    });
  const tools = {
    pulumi: await findPulumi(),
    ...(existsSync(madeMysql) && { mysqlServer: madeMysql }),
  };
  writeFileSync(join(modules, ".standby-tools.json"), `${JSON.stringify(tools, null, 2)}\n`);
}

if (platform() !== "linux") {
  say(
    `This is ${platform()}. The local cloud needs Linux: its databases listen on loopback addresses of their own (127.0.0.0/8).`,
  );
  say(
    "Use a Debian machine, virtual machine or container with Node.js 20 or newer, npm, Go and root, and run the same command there.",
  );
  process.exitCode = 1;
} else if (Number(process.versions.node.split(".")[0]) < 20) {
  say(
    `Node.js ${process.versions.node} is too old, 20 or newer is needed: https://nodejs.org/en/download`,
  );
  process.exitCode = 1;
} else {
  await bootstrap().catch((error) => {
    say(error.message.replaceAll("\n", "\n        "));
    process.exitCode = 1;
  });
}
