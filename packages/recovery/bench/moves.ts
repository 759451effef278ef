import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateDBInstanceReadReplicaCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { type Call, operator } from "@standby/local-cloud";
import type { DeployedPair } from "../tests/support/deployed-pair.ts";
import { longestPauseSeconds, startOrderLoad } from "./order-load.ts";

const functionName = async (pair: DeployedPair, stack: string): Promise<string> => {
  const { text } = await pair.pulumi("stack", "output", "functionName", "-s", stack);
  return text.trim();
};

async function expectDone(pair: DeployedPair, ...words: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await pair.standby(...words);
  if (exitCode !== 0)
    throw new Error(`standby ${words.join(" ")} ended with ${exitCode}: ${stderr}`);
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
}

/**
 * The whole command, its process included. The time to live is what lies between the answer of DNS and the first write, at most the TTL:
 * everything else that the dials do not make up is ours.
 */
export async function timeFailover(pair: DeployedPair): Promise<FailoverTimes> {
  const { cloud } = pair;
  const { promotionSeconds, recordPropagationSeconds, maximumTtlSeconds = 30 } = cloud.dials;
  const load = startOrderLoad(cloud, {
    region: "us-west-2",
    functionName: await functionName(pair, "prod-west"),
  });
  await cloud.lose("us-east-1", "hang");
  const at: Partial<Record<string, number>> = {};
  const stop = cloud.onCall(({ operation }: Call) => {
    at[operation] ??= Date.now();
  });
  const began = Date.now();
  const first = load.firstAfter(began);
  const command = expectDone(pair, "failover", "--yes", "--accept-data-loss", "unknown");
  try {
    const written = (await Promise.race([first, command.then(() => first)])) - began;
    await command;
    const promoted = (at["PromoteReadReplica"] ?? began) - began;
    const moved = (at["ChangeResourceRecordSets"] ?? began) - began;
    const led = moved / 1000 + recordPropagationSeconds;
    const waited = Math.min(Math.max(0, written / 1000 - led), maximumTtlSeconds);
    const simulatedSeconds = promotionSeconds + recordPropagationSeconds + waited;
    return {
      totalSeconds: written / 1000,
      simulatedSeconds,
      oursSeconds: written / 1000 - simulatedSeconds,
      toPromotionSeconds: promoted / 1000,
      promotionToNameSeconds: (moved - promoted) / 1000,
    };
  } finally {
    stop();
    await load.stop();
  }
}

export interface RebuildTimes {
  readonly rebuildSeconds: number;
  /** `CreateDBInstanceReadReplica` to `available`, and nothing else. */
  readonly bareReplicaSeconds: number;
}

/** us-east-1 is back: its next database, beside one that is made by the API alone of the same source. */
export async function timeRebuild(pair: DeployedPair): Promise<RebuildTimes> {
  await pair.cloud.restore("us-east-1");
  const bareReplicaSeconds = await timeBareReplica(pair);
  const began = performance.now();
  await expectDone(pair, "rebuild", "--yes");
  return { rebuildSeconds: (performance.now() - began) / 1000, bareReplicaSeconds };
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

/** The longest time without an acknowledged write while `standby switchover` moves the writer under load. */
export async function timeSwitchoverPause(pair: DeployedPair): Promise<number> {
  const load = startOrderLoad(pair.cloud, {
    region: "us-east-1",
    functionName: await functionName(pair, "prod-east"),
  });
  try {
    await load.firstAfter(Date.now());
    await expectDone(pair, "switchover", "--yes");
    await load.firstAfter(Date.now());
    return longestPauseSeconds(load.acknowledgedAt);
  } finally {
    await load.stop();
  }
}
