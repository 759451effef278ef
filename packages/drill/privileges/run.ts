import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Call, PolicyDocument } from "@standby/local-cloud";
import { type AwsOnly, deployerAwsOnly, failoverAwsOnly } from "./aws-only.ts";
import { actionsOf, deployerPolicy } from "./deployer-policy.ts";
import { matrixText, mergedMatrix, privilegeMatrix } from "./matrix.ts";
import { installed, refusedOf } from "./reach.ts";
import { type CourseName, courses, recordCourses } from "./recorded-course.ts";

/**
 * `run.ts [--write] [--course rotation]`: whole courses with every AWS call kept. Prints what each permission of each function's role is for; exit 1 when one
 * is for nothing, when a document of docs/policies refuses what was called, or when the failover role could do an ordinary change.
 * `--write` writes those documents; of one course alone it adds to them.
 */
const all = Object.keys(courses) as CourseName[];
const { values } = parseArgs({
  options: { write: { type: "boolean" }, course: { type: "string", multiple: true } },
});
const chosen = all.filter((name) => values.course?.includes(name) ?? true);
const say = (line: string): void => void process.stderr.write(`privileges  ${line}\n`);
const { deployments, ordinary, failover } = await recordCourses(chosen, say).catch(
  (error: Error) => {
    say(error.message);
    return process.exit(1);
  },
);

const rows = mergedMatrix(
  deployments.map(({ policies, calls }) => privilegeMatrix(policies, calls)),
);
process.stdout.write(matrixText(rows));
let failed = rows.length === 0 || rows.some(({ held }) => !held);

const tell = (held: boolean, line: string): void => {
  failed ||= !held;
  process.stdout.write(`${held ? "ok  " : "FAIL"}  ${line}\n`);
};

/** What the local pair calls itself. */
const words = {
  "<account>": "123456789012",
  "<service>": "orders-prod",
  "<state-bucket>": "state",
  "<state-key-arn>": "arn:aws:kms:us-west-2:123456789012:key/state",
};

async function documentOf(
  name: string,
  calls: readonly Call[],
  awsOnly: readonly AwsOnly[],
  narrower: Readonly<Record<string, string>> = {},
): Promise<PolicyDocument> {
  const file = fileURLToPath(new URL(`../../../docs/policies/${name}.json`, import.meta.url));
  const recorded = actionsOf(calls);
  if (values.write) {
    const { Statement } = JSON.parse(await readFile(file, "utf8")) as PolicyDocument;
    const kept = chosen.length === all.length ? [] : Statement.flatMap(({ Action }) => Action);
    const document = deployerPolicy([...kept, ...recorded], awsOnly, narrower);
    await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
  }
  const text = await readFile(file, "utf8");
  const document = installed(JSON.parse(text) as PolicyDocument, words);
  const refused = refusedOf(document, calls);
  tell(
    refused.length === 0,
    `docs/policies/${name}.json: ${recorded.length} actions were called${refused.length === 0 ? ", all allowed" : `, refused: ${refused.join(", ")}`}`,
  );
  return document;
}

await documentOf("deployer", ordinary, deployerAwsOnly);
const document = await documentOf("failover", failover, failoverAwsOnly, {
  kms: "<state-key-arn>",
});
const own = new Set(actionsOf(failover));
const elsewhere = actionsOf(ordinary).filter((action) => !own.has(action));
const refused = new Set(refusedOf(document, ordinary));
const open = elsewhere.filter((action) => !refused.has(action));
tell(
  open.length === 0,
  `the failover role is refused ${refused.size} of the actions of ordinary updates${open.length === 0 ? "" : `, but not: ${open.join(", ")}`}`,
);
process.exitCode = failed ? 1 : 0;
