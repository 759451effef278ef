import { type Call, type LocalCloud, operator, workload } from "@standby/local-cloud";
import { untilHealthy } from "../src/acts/load.ts";
import { createOrdersClient } from "../src/orders-client.ts";
import { readStackOutputs } from "../src/stack-outputs.ts";
import type { DeclaredPolicy } from "./matrix.ts";
import { promoteAndRotate, rotateOnce, setUpRotation } from "./recorded-rotation.ts";
import { bringUp, inNewCloud, type Typing } from "./typing.ts";

/** What one deployment declared for its functions, and every call of its course: ARNs differ from one deployment to the next. */
interface RecordedDeployment {
  readonly policies: readonly DeclaredPolicy[];
  readonly calls: readonly Call[];
}

export interface Recording {
  readonly deployments: readonly RecordedDeployment[];
  /** A person's calls while nothing was lost, and of what follows a long loss. */
  readonly ordinary: readonly Call[];
  /** A person's calls of `standby failover` and of the bare flag. */
  readonly failover: readonly Call[];
}

type Say = (line: string) => void;

/** The application of these stacks answers, and takes a write where it can. */
async function useApplication(
  cloud: LocalCloud,
  type: Typing,
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

const failOver = ["standby", "failover", "--yes", "--accept-data-loss", "unknown", "--json"];

function recorded(
  cloud: LocalCloud,
  ordinary: readonly Call[],
  failover: readonly Call[],
): Recording {
  const deployment = { policies: cloud.rolePolicies.all(), calls: cloud.calls() };
  return { deployments: [deployment], ordinary, failover };
}

/** The whole course by the commands. */
const byCommands = (say: Say): Promise<Recording> =>
  inNewCloud(say, async (cloud, type) => {
    await bringUp(type);
    await useApplication(cloud, type, ["prod-east", "prod-west"]);
    await type("standby", "status", "--json");
    const before = mine(cloud, 0);

    await cloud.lose("us-east-1", "refuse");
    await type(...failOver);
    const failover = mine(cloud, cloud.lastLoss ?? 0);
    await cloud.restore("us-east-1");

    const end = cloud.calls().length;
    await type("standby", "rebuild", "--yes", "--json");
    await type("standby", "switchover", "--yes", "--json");
    await type("standby", "rebuild", "--yes", "--json");
    await useApplication(cloud, type, ["prod-east", "prod-west"]);
    return recorded(cloud, [...before, ...mine(cloud, end)], failover);
  });

/** A pair that rotates its password, failed over by the bare flag, and rotated in the recovery Region afterwards. */
const rotatingByFlag = (say: Say): Promise<Recording> =>
  inNewCloud(say, async (cloud, type) => {
    await setUpRotation(cloud, type);
    await rotateOnce(cloud, type, "prod-east");
    await useApplication(cloud, type, ["prod-east", "prod-west"]);
    const before = mine(cloud, 0);

    await cloud.lose("us-east-1", "refuse");
    await type("pulumi", "config", "set", "failover", "true", "-s", "prod-west");
    await type("pulumi", "up", "-s", "prod-west", "--yes");
    const failover = mine(cloud, cloud.lastLoss ?? 0);

    const end = cloud.calls().length;
    await promoteAndRotate(cloud, type);
    await useApplication(cloud, type, ["prod-west"]);
    return recorded(cloud, [...before, ...mine(cloud, end)], failover);
  });

/** A pair whose name is moved by a health check, failed over by the command. */
const byHealthCheck = (say: Say): Promise<Recording> =>
  inNewCloud(say, async (cloud, type) => {
    await type("pulumi", "config", "set", "dnsSwitch", "health-check", "-s", "prod-west");
    await bringUp(type);
    await useApplication(cloud, type, ["prod-east", "prod-west"]);
    const before = mine(cloud, 0);

    await cloud.lose("us-east-1", "refuse");
    await type(...failOver);
    await useApplication(cloud, type, ["prod-west"]);
    return recorded(cloud, before, mine(cloud, cloud.lastLoss ?? 0));
  });

/** Three pairs: failed over by the commands, by the flag while it rotates, and by a health check. */
export const courses = {
  commands: byCommands,
  rotation: rotatingByFlag,
  "health-check": byHealthCheck,
} as const;

export type CourseName = keyof typeof courses;

/** Each course on a pair of its own, with every AWS call kept. */
export async function recordCourses(names: readonly CourseName[], say: Say): Promise<Recording> {
  const recordings: Recording[] = [];
  for (const name of names) recordings.push(await courses[name](say));
  return {
    deployments: recordings.flatMap(({ deployments }) => deployments),
    ordinary: recordings.flatMap(({ ordinary }) => ordinary),
    failover: recordings.flatMap(({ failover }) => failover),
  };
}
