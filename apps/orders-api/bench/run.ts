import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import {
  json,
  SecretsEndpoint,
} from "../../../packages/secret-access/tests/support/secrets-endpoint.ts";
import {
  allowedHosts,
  eastHost,
  secretValue,
  TwoRegions,
} from "../../../packages/secret-access/tests/support/two-regions.ts";
import { assess, printRows, type Run, type Subject, subjects } from "./assessment.ts";
import { seed } from "./seed.ts";

/**
 * `run.ts [--json] [--rounds N]`: the service with the library, the same service with the bare SDK and driver, and a process that only
 * answers, in turn, against one database server. Exit 1 when a target is missed.
 */
const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "15" },
  },
});
const warmRequests = 200;
const childSeconds = 120;
const SecretString = JSON.stringify(secretValue("first-password"));
const secret = { ARN: "arn", VersionId: "v1", VersionStages: ["AWSCURRENT"], SecretString };

const entries: Readonly<Record<Subject, string>> = {
  ours: "../src/handler.ts",
  bare: "./bare-handler.ts",
  floor: "./floor-handler.ts",
};

const folder = await mkdtemp(join(tmpdir(), "orders-api-bench-"));
const regions = await TwoRegions.start();
const secrets = await SecretsEndpoint.start(json(200, secret));

/** As `npm run bundle` does. */
async function bundle(subject: Subject): Promise<string> {
  const outfile = join(folder, subject, "index.mjs");
  await promisify(execFile)("esbuild", [
    fileURLToPath(new URL(entries[subject], import.meta.url)),
    "--bundle",
    "--platform=node",
    "--format=esm",
    "--target=node24",
    "--minify",
    "--legal-comments=none",
    "--log-level=error",
    "--banner:js=import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    `--outfile=${outfile}`,
  ]);
  return outfile;
}

async function measure(file: string): Promise<Run> {
  const child = fork(
    fileURLToPath(new URL("./child.ts", import.meta.url)),
    [file, eastHost, regions.east.address, String(warmRequests)],
    {
      env: {
        SECRET_NAME: "orders-prod/database",
        REGION_NAME: "us-west-2",
        DATABASE_HOSTS: allowedHosts.join(","),
        DATABASE_ENDPOINT: eastHost,
        AWS_ENDPOINT_URL: secrets.url,
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
      },
      execArgv: ["--no-warnings"],
    },
  );
  const signal = AbortSignal.timeout(childSeconds * 1_000);
  try {
    const [run] = (await Promise.race([
      once(child, "message", { signal }),
      once(child, "exit", { signal }).then(() => {
        throw new Error(`${file} ended without a result`);
      }),
    ])) as [Run];
    return run;
  } finally {
    child.kill();
  }
}

try {
  await regions.reset();
  await writeFile(join(folder, "ca.pem"), regions.authority);
  const runs: Record<Subject, Run[]> = { ours: [], bare: [], floor: [] };
  const files = {} as Record<Subject, string>;
  const kilobytes = {} as Record<Subject, number>;
  for (const subject of subjects) {
    files[subject] = await bundle(subject);
    kilobytes[subject] = (await stat(files[subject])).size / 1_000;
  }
  // What is there after the first deployment.
  await seed(regions.pool(), "cold");
  const loadBefore = loadavg()[0] ?? 0;
  // In turn, so that whatever else the machine does meets all of them.
  for (let round = 0; round < Number(values.rounds); round++)
    for (const subject of subjects) runs[subject].push(await measure(files[subject]));
  const rows = assess(runs, kilobytes);
  const where = {
    node: process.version,
    processors: availableParallelism(),
    database: regions.database.program.version,
    rounds: Number(values.rounds),
    // Above one, other work took part in every time below.
    loadBefore,
    loadAfter: loadavg()[0] ?? 0,
  };
  console.log(
    values.json
      ? JSON.stringify({ ...where, rows }, null, 2)
      : `${JSON.stringify(where)}\n${printRows(rows)}`,
  );
  process.exitCode = rows.every(({ met, explained }) => met || explained) ? 0 : 1;
} finally {
  await secrets.stop();
  await regions.stop();
  await rm(folder, { recursive: true });
}
