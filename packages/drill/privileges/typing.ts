import { type LocalCloud, startLocalCloud } from "@standby/local-cloud";
import { execa } from "execa";

/** What a person types in the cloud. Returns standard output. */
export type Typing = (...words: readonly string[]) => Promise<string>;

const commandSeconds = 600;
/** Every command may be typed again, and goes on where it stopped: a busy machine misses deadlines that are AWS's to keep. */
const attempts = 3;

const typing =
  (cloud: LocalCloud, say: (line: string) => void): Typing =>
  async (...words) => {
    const [command = "", ...rest] = words;
    let failure = "";
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      say(attempt === 1 ? words.join(" ") : `${words.join(" ")}  (again)`);
      const { stdout, exitCode, all } = await execa(command, rest, {
        all: true,
        reject: false,
        cwd: cloud.projectFolder,
        env: cloud.environment,
        extendEnv: false,
        preferLocal: false,
        stdin: "ignore",
        timeout: commandSeconds * 1000,
      });
      if (exitCode === 0) return stdout;
      failure = `${words.join(" ")} ended with ${exitCode ?? "a signal"}:\n${all.split("\n").slice(-15).join("\n")}`;
    }
    throw new Error(failure);
  };

export async function inNewCloud<Result>(
  say: (line: string) => void,
  play: (cloud: LocalCloud, type: Typing) => Promise<Result>,
): Promise<Result> {
  const cloud = await startLocalCloud({ onProgress: say });
  try {
    return await play(cloud, typing(cloud, say));
  } finally {
    await cloud.close();
  }
}

export async function bringUp(type: Typing): Promise<void> {
  for (const stack of ["prod-east", "prod-west", "prod-east"])
    await type("pulumi", "up", "-s", stack, "--yes");
}
