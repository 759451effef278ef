import {
  type Call,
  type LocalCloud,
  operator,
  startLocalCloud,
  workload,
} from "@standby/local-cloud";
import { execa } from "execa";
import { untilHealthy } from "../src/acts/load.ts";
import { createOrdersClient } from "../src/orders-client.ts";
import { readStackOutputs } from "../src/stack-outputs.ts";
import type { DeclaredPolicy } from "./matrix.ts";

export interface Recording {
  readonly policies: readonly DeclaredPolicy[];
  readonly calls: readonly Call[];
  /** A person's calls while nothing was lost. */
  readonly ordinary: readonly Call[];
  /** A person's calls of `standby failover` and of the bare flag. */
  readonly failover: readonly Call[];
}

const commandSeconds = 240;

/** What a person types in the cloud; its failure ends the course. */
const typing =
  (cloud: LocalCloud, say: (line: string) => void) =>
  async (...words: readonly string[]): Promise<string> => {
    say(words.join(" "));
    const [command = "", ...rest] = words;
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
    if (exitCode !== 0)
      throw new Error(
        `${words.join(" ")} ended with ${exitCode ?? "a signal"}:\n${all.split("\n").slice(-15).join("\n")}`,
      );
    return stdout;
  };

/** Both Regions' application answers, and takes a write where it can. */
async function useApplication(
  cloud: LocalCloud,
  type: ReturnType<typeof typing>,
  stacks: readonly string[],
): Promise<void> {
  for (const stack of stacks) {
    const text = await type("pulumi", "stack", "output", "--json", "-s", stack);
    const outputs = readStackOutputs(stack, text);
    const client = createOrdersClient(outputs, cloud.endpoint, workload);
    await untilHealthy(client, AbortSignal.timeout(60_000)).finally(() => client.close());
  }
}

const mine = (cloud: LocalCloud, after: number): readonly Call[] =>
  cloud.calls({ after, principal: operator.arn });

const bringUp = async (type: ReturnType<typeof typing>): Promise<void> => {
  for (const stack of ["prod-east", "prod-west", "prod-east"])
    await type("pulumi", "up", "-s", stack, "--yes");
};

async function inNewCloud<Result>(
  say: (line: string) => void,
  play: (cloud: LocalCloud, type: ReturnType<typeof typing>) => Promise<Result>,
): Promise<Result> {
  const cloud = await startLocalCloud({ onProgress: say });
  try {
    return await play(cloud, typing(cloud, say));
  } finally {
    await cloud.close();
  }
}

/** A person's calls of a failover by the bare flag. */
const recordFlag = (say: (line: string) => void): Promise<readonly Call[]> =>
  inNewCloud(say, async (cloud, type) => {
    await bringUp(type);
    await cloud.lose("us-east-1", "refuse");
    await type("pulumi", "config", "set", "failover", "true", "-s", "prod-west");
    await type("pulumi", "up", "-s", "prod-west", "--yes");
    return mine(cloud, cloud.lastLoss ?? 0);
  });

/** The whole course by the commands, and a failover by the flag, with every AWS call kept. */
export async function recordCourse(say: (line: string) => void): Promise<Recording> {
  const course = await inNewCloud(say, async (cloud, type): Promise<Recording> => {
    await bringUp(type);
    await useApplication(cloud, type, ["prod-east", "prod-west"]);
    await type("standby", "status", "--json");
    const before = mine(cloud, 0);

    await cloud.lose("us-east-1", "refuse");
    await type("standby", "failover", "--yes", "--accept-data-loss", "unknown", "--json");
    const failover = mine(cloud, cloud.lastLoss ?? 0);
    await cloud.restore("us-east-1");

    const end = cloud.calls().length;
    await type("standby", "rebuild", "--yes", "--json");
    await type("standby", "switchover", "--yes", "--json");
    await type("standby", "rebuild", "--yes", "--json");
    await useApplication(cloud, type, ["prod-east", "prod-west"]);
    return {
      policies: cloud.rolePolicies.all(),
      calls: cloud.calls(),
      ordinary: [...before, ...mine(cloud, end)],
      failover,
    };
  });
  return { ...course, failover: [...course.failover, ...(await recordFlag(say))] };
}
