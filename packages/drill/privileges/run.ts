import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { PolicyDocument } from "@standby/local-cloud";
import { deployerAwsOnly, failoverAwsOnly } from "./aws-only.ts";
import { actionsOf, deployerPolicy, missingIn } from "./deployer-policy.ts";
import { matrixText, privilegeMatrix } from "./matrix.ts";
import { recordCourse } from "./recorded-course.ts";

/**
 * `run.ts [--write]`: a whole course with every AWS call kept. Prints what each permission of each function's role is for; exit 1 when one
 * is for nothing, or when a document of docs/policies lacks what was called. `--write` writes those documents.
 */
const { values } = parseArgs({ options: { write: { type: "boolean" } } });
const say = (line: string): void => void process.stderr.write(`privileges  ${line}\n`);
const { policies, calls, ordinary, failover } = await recordCourse(say).catch((error: Error) => {
  say(error.message);
  return process.exit(1);
});

const rows = privilegeMatrix(policies, calls);
process.stdout.write(matrixText(rows));
let failed = rows.length === 0 || rows.some(({ held }) => !held);

const documents = [
  { name: "deployer", recorded: actionsOf(ordinary), awsOnly: deployerAwsOnly },
  {
    name: "failover",
    recorded: actionsOf(failover),
    awsOnly: failoverAwsOnly,
    narrower: { kms: "<state-key-arn>" },
  },
];
for (const { name, recorded, awsOnly, narrower } of documents) {
  const file = fileURLToPath(new URL(`../../../docs/policies/${name}.json`, import.meta.url));
  if (values.write)
    await writeFile(
      file,
      `${JSON.stringify(deployerPolicy(recorded, awsOnly, narrower), null, 2)}\n`,
    );
  const document = JSON.parse(await readFile(file, "utf8")) as PolicyDocument;
  const missing = missingIn(document, recorded);
  failed ||= missing.length > 0;
  process.stdout.write(
    `${missing.length === 0 ? "ok  " : "FAIL"}  docs/policies/${name}.json: ${recorded.length} actions were called${missing.length === 0 ? ", all allowed" : `, not allowed: ${missing.join(", ")}`}\n`,
  );
}
process.exitCode = failed ? 1 : 0;
