import { setTimeout as delay } from "node:timers/promises";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import type { Fault } from "@standby/local-cloud";
import type { AlarmCode } from "@standby/topology";
import { byHand } from "../faults/by-hand.ts";
import type { FaultPair } from "../faults/fault-pair.ts";

/** What rings an alarm. It is broken while `during` runs, and mended afterwards. */
export interface AlarmFault {
  readonly code: AlarmCode;
  readonly fault: string;
  /** Nothing mends it. */
  readonly isLast?: true;
  during<Result>(pair: FaultPair, whileBroken: () => Promise<Result>): Promise<Result>;
}

const west = "us-west-2";
const database = "orders-prod-1";

/** The heartbeat writes every minute: with it the lag grows. */
const lag: AlarmFault = {
  code: "replication-lag",
  fault: "a lock of the replica holds back what the source writes",
  during: (pair, whileBroken) =>
    pair.sql("west", async ({ query }) => {
      await query("FLUSH TABLES WITH READ LOCK");
      try {
        return await whileBroken();
      } finally {
        await query("UNLOCK TABLES");
      }
    }),
};

const refusing = (code: AlarmCode, fault: string, refused: Partial<Fault>): AlarmFault => ({
  code,
  fault,
  async during({ cloud }, whileBroken) {
    cloud.addFault({
      service: "lambda",
      operation: "Invoke",
      region: west,
      kind: "refuse",
      times: Number.POSITIVE_INFINITY,
      ...refused,
    });
    try {
      return await whileBroken();
    } finally {
      cloud.clearFaults();
    }
  },
});

const stopped: AlarmFault = {
  code: "not-replicating",
  fault: "the replica stops to receive",
  async during(pair, whileBroken) {
    await pair.sql("west", ({ query }) => query("STOP REPLICA IO_THREAD"));
    try {
      return await whileBroken();
    } finally {
      await pair.sql("west", ({ query }) => query("START REPLICA"));
    }
  },
};

const copySeconds = 30;

async function untilFailed(describe: () => Promise<Readonly<Record<string, unknown>>>) {
  const late = AbortSignal.timeout(copySeconds * 1000);
  for (;;) {
    const { ReplicationStatus: copies } = await describe();
    if (JSON.stringify(copies).includes('"Failed"')) return;
    late.throwIfAborted();
    await delay(200);
  }
}

const copyFailed: AlarmFault = {
  code: "secret-not-in-sync",
  fault: "the secret got a new version while the key of the copy was disabled",
  async during({ cloud, secretId }, whileBroken) {
    const aws = byHand(cloud);
    const copyId = secretId.replace("us-east-1", west);
    const { KmsKeyId } = await aws.json(west, "secretsmanager", "DescribeSecret", {
      SecretId: copyId,
    });
    const { SecretString } = await aws.json("us-east-1", "secretsmanager", "GetSecretValue", {
      SecretId: secretId,
    });
    const put = () =>
      aws.json("us-east-1", "secretsmanager", "PutSecretValue", {
        SecretId: secretId,
        ClientRequestToken: crypto.randomUUID(),
        SecretString,
      });
    await aws.json(west, "kms", "DisableKey", { KeyId: KmsKeyId });
    await put();
    await untilFailed(() =>
      aws.json("us-east-1", "secretsmanager", "DescribeSecret", { SecretId: secretId }),
    );
    // The copy stays the stale one that it is until the next change.
    await aws.json(west, "kms", "EnableKey", { KeyId: KmsKeyId });
    try {
      return await whileBroken();
    } finally {
      await put();
    }
  },
};

const readOnly: AlarmFault = {
  code: "no-writer",
  fault: "the database that the name leads to refuses writes",
  async during(pair, whileBroken) {
    await pair.sql("east", ({ query }) => query("SET GLOBAL read_only = 1"));
    try {
      return await whileBroken();
    } finally {
      await pair.sql("east", ({ query }) => query("SET GLOBAL read_only = 0"));
    }
  },
};

const storage: AlarmFault = {
  code: "storage-low",
  fault: "the replica's storage has a gibibyte left",
  async during({ cloud }, whileBroken) {
    cloud.leaveFree(west, database, 2 ** 30);
    try {
      return await whileBroken();
    } finally {
      cloud.leaveFree(west, database, undefined);
    }
  },
};

const manyClients = 45;

const connections: AlarmFault = {
  code: "connections-high",
  fault: `${manyClients} clients stay connected to the replica`,
  during<Result>(pair: FaultPair, whileBroken: () => Promise<Result>): Promise<Result> {
    const connected = (left: number): Promise<Result> =>
      left === 0
        ? whileBroken()
        : pair.sql("west", async ({ query }) => {
            await query("SELECT 1");
            return await connected(left - 1);
          });
    return connected(manyClients);
  },
};

const callSeconds = 1;

const functions: AlarmFault = {
  code: "functions-failing",
  fault: "the application's function has no handler any more, and is called all the time",
  async during({ cloud, orders }, whileBroken) {
    const client = new LambdaClient({
      region: west,
      endpoint: cloud.endpoint,
      credentials: {
        accessKeyId: cloud.environment["AWS_ACCESS_KEY_ID"] ?? "",
        secretAccessKey: cloud.environment["AWS_SECRET_ACCESS_KEY"] ?? "",
      },
    });
    const FunctionName = "orders-prod-orders-api";
    const { Handler } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const use = async (handler: string | undefined) => {
      await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Handler: handler }));
      await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 60 }, { FunctionName });
    };
    await use("index.nothing");
    const calls = setInterval(() => {
      orders.west.health(AbortSignal.timeout(10_000)).catch(() => {});
    }, callSeconds * 1000);
    try {
      return await whileBroken();
    } finally {
      clearInterval(calls);
      await use(Handler);
      client.destroy();
    }
  },
};

/** In an order in which the earlier ones leave nothing for the later ones. The last is not mended: nothing takes a promotion back. */
export const alarmFaults: readonly AlarmFault[] = [
  storage,
  connections,
  stopped,
  lag,
  refusing("lag-unknown", "the probe in us-west-2 lets nobody call it", {
    errorCode: "AccessDeniedException",
  }),
  copyFailed,
  readOnly,
  functions,
  refusing("preflight-red", "the application may not read the copy of the secret", {
    service: "secretsmanager",
    operation: "GetSecretValue",
    errorCode: "AccessDeniedException",
    message: "Access to KMS is not allowed",
  }),
  refusing("monitor-silent", "CloudWatch takes no metric", {
    service: "cloudwatch",
    operation: "PutMetricData",
    status: 503,
  }),
  refusing("preflight-stale", "CloudWatch takes no metric, for longer", {
    service: "cloudwatch",
    operation: "PutMetricData",
    status: 503,
  }),
  {
    code: "split-brain",
    fault: "somebody promotes the replica",
    isLast: true,
    async during({ cloud }, whileBroken) {
      await byHand(cloud).rds(west, "PromoteReadReplica", { DBInstanceIdentifier: database });
      return await whileBroken();
    },
  },
];
