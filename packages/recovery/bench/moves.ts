import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateDBInstanceReadReplicaCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { type Call, operator } from "@standby/local-cloud";
import { execa } from "execa";
import type { DeployedPair } from "../tests/support/deployed-pair.ts";
import { longestPause, startOrderLoad } from "./order-load.ts";

const functionName = async (pair: DeployedPair, stack: string): Promise<string> => {
  const { text } = await pair.pulumi("stack", "output", "functionName", "-s", stack);
  return text.trim();
};

/** As it is installed: one bundle. */
const bundle = new URL("../../../apps/cli/dist/bundle/standby.mjs", import.meta.url).pathname;

const commandMilliseconds = 240_000;

/** Runs the command and returns the processor time of it and of everything that it started: a busy machine changes only the other one. */
async function expectDone(
  { cloud }: DeployedPair,
  ...words: readonly string[]
): Promise<{ readonly processorSeconds: number }> {
  const script = 'TIMEFORMAT="processor %U %S"; time "$@"';
  const { exitCode, stderr } = await execa(
    "bash",
    ["-c", script, "bash", process.execPath, bundle, ...words],
    {
      cwd: cloud.projectFolder,
      env: cloud.environment,
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      timeout: commandMilliseconds,
    },
  );
  if (exitCode !== 0)
    throw new Error(`standby ${words.join(" ")} ended with ${exitCode}: ${stderr}`);
  const [, user = "", system = ""] = /^processor ([\d.]+) ([\d.]+)$/m.exec(stderr) ?? [];
  return { processorSeconds: Number(user) + Number(system) };
}

/** When AWS was asked for each operation the first time since. */
function firstCalls({ cloud }: DeployedPair) {
  const at: Partial<Record<string, number>> = {};
  const stop = cloud.onCall(({ operation }: Call) => {
    at[operation] ??= Date.now();
  });
  return { at, stop };
}

/** What the dials make up of a wait for writes that ended then, when the name was moved at `movedAt`: all milliseconds. */
function simulatedSeconds({ cloud }: DeployedPair, movedAt: number, writtenAt: number): number {
  const { promotionSeconds, recordPropagationSeconds, maximumTtlSeconds = 30 } = cloud.dials;
  const led = movedAt + recordPropagationSeconds * 1000;
  const waited = Math.min(Math.max(0, (writtenAt - led) / 1000), maximumTtlSeconds);
  return promotionSeconds + recordPropagationSeconds + waited;
}

export interface FailoverTimes {
  /** From the command to the first write that us-west-2 acknowledged. */
  readonly totalSeconds: number;
  /** The dials of promotion and propagation, and what the TTL may add. */
  readonly simulatedSeconds: number;
  readonly oursSeconds: number;
  /** From the command to the call that promotes, and from then to the call that moves the name: where our own time goes. */
  readonly toPromotionSeconds: number;
  readonly promotionToNameSeconds: number;
  readonly processorSeconds: number;
}

/**
 * The whole command, its process included. The time to live is what lies between the answer of DNS and the first write, at most the TTL:
 * everything else that the dials do not make up is ours.
 */
export async function timeFailover(pair: DeployedPair): Promise<FailoverTimes> {
  const { cloud } = pair;
  const load = startOrderLoad(cloud, {
    region: "us-west-2",
    functionName: await functionName(pair, "prod-west"),
  });
  await cloud.lose("us-east-1", "hang");
  const calls = firstCalls(pair);
  const began = Date.now();
  const first = load.firstAfter(began);
  const command = expectDone(pair, "failover", "--yes", "--accept-data-loss", "unknown");
  try {
    const writtenAt = await Promise.race([first, command.then(() => first)]);
    const { processorSeconds } = await command;
    const promotedAt = calls.at["PromoteReadReplica"] ?? began;
    const movedAt = calls.at["ChangeResourceRecordSets"] ?? began;
    const totalSeconds = (writtenAt - began) / 1000;
    const simulated = simulatedSeconds(pair, movedAt, writtenAt);
    return {
      totalSeconds,
      simulatedSeconds: simulated,
      oursSeconds: totalSeconds - simulated,
      toPromotionSeconds: (promotedAt - began) / 1000,
      promotionToNameSeconds: (movedAt - promotedAt) / 1000,
      processorSeconds,
    };
  } finally {
    calls.stop();
    await load.stop();
  }
}

export interface RebuildTimes {
  readonly rebuildSeconds: number;
  /** `CreateDBInstanceReadReplica` to `available`, and nothing else. */
  readonly bareReplicaSeconds: number;
  readonly processorSeconds: number;
}

/** us-east-1 is back: its next database, beside one that is made by the API alone of the same source. */
export async function timeRebuild(pair: DeployedPair): Promise<RebuildTimes> {
  await pair.cloud.restore("us-east-1");
  const bareReplicaSeconds = await timeBareReplica(pair);
  const began = performance.now();
  const { processorSeconds } = await expectDone(pair, "rebuild", "--yes");
  const rebuildSeconds = (performance.now() - began) / 1000;
  return { rebuildSeconds, bareReplicaSeconds, processorSeconds };
}

async function timeBareReplica({ cloud }: DeployedPair): Promise<number> {
  const settings = { endpoint: cloud.endpoint, credentials: operator };
  const [east, west] = ["us-east-1", "us-west-2"].map(
    (region) => new RDSClient({ ...settings, region }),
  );
  if (!east || !west) throw new TypeError("two Regions, two clients");
  const newest = async (client: RDSClient) =>
    (await client.send(new DescribeDBInstancesCommand({}))).DBInstances?.at(-1);
  const [model, source] = await Promise.all([newest(east), newest(west)]);
  const began = performance.now();
  await east.send(
    new CreateDBInstanceReadReplicaCommand({
      DBInstanceIdentifier: "bare-replica",
      SourceDBInstanceIdentifier: source?.DBInstanceArn,
      KmsKeyId: model?.KmsKeyId,
      DBParameterGroupName: model?.DBParameterGroups?.[0]?.DBParameterGroupName,
      DBSubnetGroupName: model?.DBSubnetGroup?.DBSubnetGroupName,
    }),
  );
  for (;;) {
    const { DBInstances: [made] = [] } = await east.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: "bare-replica" }),
    );
    if (made?.DBInstanceStatus === "available") break;
    await sleep(50);
  }
  east.destroy();
  west.destroy();
  return (performance.now() - began) / 1000;
}

export interface SwitchoverTimes {
  /** The longest time without an acknowledged write. */
  readonly pauseSeconds: number;
  readonly simulatedSeconds: number;
  readonly oursSeconds: number;
  readonly processorSeconds: number;
}

/** `standby switchover` moves the writer under load. */
export async function timeSwitchover(pair: DeployedPair): Promise<SwitchoverTimes> {
  const load = startOrderLoad(pair.cloud, {
    region: "us-east-1",
    functionName: await functionName(pair, "prod-east"),
  });
  const calls = firstCalls(pair);
  try {
    await load.firstAfter(Date.now());
    const { processorSeconds } = await expectDone(pair, "switchover", "--yes");
    await load.firstAfter(Date.now());
    const { seconds: pauseSeconds, endedAt } = longestPause(load.acknowledgedAt);
    const simulated = simulatedSeconds(
      pair,
      calls.at["ChangeResourceRecordSets"] ?? endedAt,
      endedAt,
    );
    return {
      pauseSeconds,
      simulatedSeconds: simulated,
      oursSeconds: pauseSeconds - simulated,
      processorSeconds,
    };
  } finally {
    calls.stop();
    await load.stop();
  }
}
