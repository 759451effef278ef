import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import {
  type ProbeAnswers,
  type ProbeReply,
  probeFunctionName,
  type StackOutputs,
} from "@standby/topology";
import { pause, withDeadline } from "./deadline.ts";
import type { Credentials } from "./orders-client.ts";

/** How far a replica was behind, as its Region's probe saw it. */
export interface LagSample {
  /** `<identifier> in <region>` */
  readonly database: string;
  readonly at: number;
  /** Null: replication does not run. Never 0 for that. */
  readonly lagSeconds: number | null;
}

export interface LagWatch {
  /** Asks no more. */
  stop(): Promise<void>;
}

export interface LagWatchOptions {
  readonly outputs: StackOutputs;
  readonly endpoint: string;
  readonly credentials: Credentials;
  readonly intervalMilliseconds?: number;
}

const lookSeconds = 2;

/** Adds to `samples` the lag of a Region's newest replica. A Region that is lost, or has no replica, adds nothing. */
export function watchLag(options: LagWatchOptions, samples: LagSample[]): LagWatch {
  const { outputs, endpoint, credentials, intervalMilliseconds = 1_000 } = options;
  const { region } = outputs;
  const settings = { region, endpoint, credentials, maxAttempts: 1 };
  const [rds, lambda] = [new RDSClient(settings), new LambdaClient(settings)];
  const ending = new AbortController();
  const look = async (abortSignal: AbortSignal): Promise<void> => {
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}), {
      abortSignal,
    });
    const replica = DBInstances.findLast((each) => each.ReadReplicaSourceDBInstanceIdentifier);
    const address = replica?.Endpoint?.Address;
    if (address === undefined) return;
    const { Payload } = await lambda.send(
      new InvokeCommand({
        FunctionName: outputs.probeFunctionName ?? probeFunctionName(outputs.service ?? ""),
        Payload: JSON.stringify({ ask: "database", address }),
      }),
      { abortSignal },
    );
    const reply = JSON.parse(Payload?.transformToString() ?? "{}") as ProbeReply<
      ProbeAnswers["database"]
    >;
    if (reply.ok)
      samples.push({
        database: `${replica?.DBInstanceIdentifier} in ${region}`,
        at: Date.now(),
        lagSeconds: reply.answer.replication?.lagSeconds ?? null,
      });
  };
  const watching = (async () => {
    while (!ending.signal.aborted) {
      // What does not answer has no lag that anybody could tell.
      await withDeadline("the replica's lag", lookSeconds, ending.signal, look).catch(
        () => undefined,
      );
      await pause(intervalMilliseconds, ending.signal);
    }
    rds.destroy();
    lambda.destroy();
  })();
  return {
    stop: () => {
      ending.abort();
      return watching;
    },
  };
}
