import { delimiter, join } from "node:path";
import { pythonEnvironment } from "@standby/local-cloud/testing";
import { execa } from "execa";
import type { FaultPair } from "./fault-pair.ts";

interface Section {
  readonly title: string;
  readonly script: string;
}

/** The page's sections with their lines, in its order. */
export const sectionsOf = (page: string): readonly Section[] =>
  [...page.matchAll(/^## \d+\. (.+)$[\s\S]*?^```sh\n([\s\S]*?)^```$/gm)].map(
    ([, title = "", script = ""]) => ({ title, script }),
  );

const sectionMilliseconds = 240_000;

/** Types a section as a person does: bash, and AWS's own command line client. Returns what was printed. */
export async function typeSection({ cloud }: FaultPair, { title, script }: Section) {
  const programs = await pythonEnvironment({
    name: "aws-cli",
    requirements: join(import.meta.dirname, "requirements.txt"),
    onSetUp: () => void process.stderr.write("faults  installing the AWS CLI (once)\n"),
  });
  // `/dev/stdout`, which the lines print to, cannot be opened when it is a socket: a person has a terminal, here it is a pipe.
  const piped = `{\n${script}\n} 2>&1 | cat`;
  const { exitCode, stdout } = await execa("bash", ["-euo", "pipefail", "-c", piped], {
    cwd: cloud.projectFolder,
    env: {
      ...cloud.environment,
      PATH: [programs, cloud.environment["PATH"]].join(delimiter),
    },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: sectionMilliseconds,
  });
  if (exitCode !== 0) throw new Error(`"${title}" ended with ${exitCode}: ${stdout}`);
  return stdout;
}
