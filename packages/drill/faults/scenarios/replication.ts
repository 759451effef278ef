import type { FaultPair } from "../fault-pair.ts";
import { lookUntil, preflightLine, saidBy } from "../looks.ts";
import { observed, type Scenario } from "../scenario.ts";

/** How far back the source's clock seems to be: the replica holds this write back. */
const lagSeconds = 600;

const prepare = (pair: FaultPair): Promise<void> =>
  pair.sql("east", async ({ query }) => {
    await query("CREATE DATABASE IF NOT EXISTS faults");
    await query("CREATE TABLE IF NOT EXISTS faults.marks (id INT PRIMARY KEY)");
  });

const replicaIn = (status: Awaited<ReturnType<typeof lookUntil>>) =>
  status.regions["us-west-2"]?.databases?.at(-1);

/** A statement of the source that is ten minutes old and that the replica cannot apply: a lock of tables stands in its way. */
export const lagging: Scenario = {
  rows: [13],
  async run(pair) {
    await prepare(pair);
    return await pair.sql("west", async ({ query }) => {
      await query("FLUSH TABLES WITH READ LOCK");
      try {
        await pair.sql("east", async ({ query: write }) => {
          await write(`SET timestamp = UNIX_TIMESTAMP() - ${lagSeconds}`);
          await write("REPLACE INTO faults.marks VALUES (13)");
        });
        const status = await lookUntil(pair, ({ codes }) => codes.includes("replication-lag"));
        const lag = replicaIn(status)?.replicationLagSeconds ?? null;
        const refused = await pair.standby("failover", "--yes");
        return [
          observed(
            13,
            lag !== null &&
              lag >= lagSeconds &&
              refused.exitCode === 3 &&
              refused.stderr.includes("--accept-data-loss"),
            `status shows ${lag} s and ${status.codes.join(", ")}`,
            `failover ends with ${refused.exitCode}: ${saidBy(refused.stderr)}`,
          ),
        ];
      } finally {
        await query("UNLOCK TABLES");
      }
    });
  },
};

export const notReceiving: Scenario = {
  rows: [14],
  async run(pair) {
    await pair.sql("west", ({ query }) => query("STOP REPLICA IO_THREAD"));
    try {
      const status = await lookUntil(pair, ({ codes }) => codes.includes("not-replicating"));
      const lag = replicaIn(status)?.replicationLagSeconds;
      const { exitCode, result } = await preflightLine(pair, "replica-replicates");
      return [
        observed(
          14,
          lag === null && status.codes.includes("not-replicating") && exitCode === 3,
          `the lag is ${lag}, never 0; ${status.verdict}, ${status.codes.join(", ")}`,
          `preflight ends with ${exitCode}, replica-replicates: ${result}`,
        ),
      ];
    } finally {
      await pair.sql("west", ({ query }) => query("START REPLICA"));
    }
  },
};

/** The replica has a row that the source writes later: error 1062 stops what applies, not what receives. */
export const applyingStopped: Scenario = {
  rows: [15],
  async run(pair) {
    await prepare(pair);
    await onReplicaAlone(pair, "REPLACE INTO faults.marks VALUES (15)");
    try {
      await pair.sql("east", ({ query }) => query("INSERT INTO faults.marks VALUES (15)"));
      const status = await lookUntil(pair, ({ codes }) => codes.includes("not-replicating"));
      const message = status.messages.find((each) => each.includes("does not replicate")) ?? "";
      const refused = await pair.standby("failover", "--yes", "--accept-data-loss", "3600");
      return [
        observed(
          15,
          message.includes("1062") &&
            replicaIn(status)?.replicationLagSeconds === null &&
            refused.exitCode === 3 &&
            refused.stderr.includes("unknown"),
          message,
          `failover --accept-data-loss 3600 ends with ${refused.exitCode}: ${saidBy(refused.stderr)}`,
        ),
      ];
    } finally {
      await onReplicaAlone(pair, "DELETE FROM faults.marks WHERE id = 15");
      await pair.sql("west", ({ query }) => query("START REPLICA"));
    }
  },
};

/** Without a trace in its binary log. */
const onReplicaAlone = (pair: FaultPair, statement: string): Promise<void> =>
  pair.sql("west", async ({ query }) => {
    await query("SET sql_log_bin = 0");
    await query(statement);
  });
