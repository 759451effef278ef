import type { DatabaseEvent, ReplicationAnswer } from "@standby/topology";
import { errnoOf } from "./failures.ts";

type Row = Readonly<Record<string, unknown>>;
type Query = (sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** All that differs between the servers. */
export interface SqlDialect {
  readonly product: "mysql" | "mariadb";
  /** `serverUuid`, `readOnly` and `transactions` of the answer, in one statement: they are of one moment. */
  state(query: Query): Promise<{
    readonly serverUuid: string;
    readonly readOnly: boolean;
    readonly transactions: string;
  }>;
  /** Undefined on a database that replicates from nowhere. */
  replication(query: Query): Promise<ReplicationAnswer | undefined>;
  binaryLogRetentionHours(query: Query): Promise<number | null>;
  /** The header of a binary log, which says what is in the logs before it. */
  transactionsBefore(info: string): string;
}

/** The status of an event on a database that received it by replication: its source runs it. */
export const disabledByReplication = ["SLAVESIDE_DISABLED", "REPLICA_SIDE_DISABLED"] as const;

export const dialectOf = (version: string): SqlDialect =>
  /mariadb/i.test(version) ? mariaDb : mySql;

const mySql: SqlDialect = {
  product: "mysql",

  async state(query) {
    const [row] = await query(
      "SELECT @@global.server_uuid AS uuid, @@global.read_only | @@global.super_read_only AS readOnly, @@global.gtid_executed AS transactions",
    );
    return stateOf(row);
  },

  async replication(query) {
    const [status] = await query("SHOW REPLICA STATUS");
    return status && replicationOf(status, "Source", "Replica");
  },

  binaryLogRetentionHours: retentionHours,
  transactionsBefore: withoutBreaks,
};

const mariaDb: SqlDialect = {
  product: "mariadb",

  async state(query) {
    // It has no UUID: what its transactions carry is as good as one within a pair.
    const [row] = await query(
      "SELECT CONCAT(@@global.gtid_domain_id, '-', @@global.server_id) AS uuid, @@global.read_only AS readOnly, @@global.gtid_binlog_state AS transactions",
    );
    return stateOf(row);
  },

  async replication(query) {
    const [status] = await query("SHOW SLAVE STATUS");
    return status && replicationOf(status, "Master", "Slave");
  },

  binaryLogRetentionHours: retentionHours,
  transactionsBefore: (info) => withoutBreaks(info).replace(/^\[|\]$/g, ""),
};

function stateOf(row: Row | undefined) {
  return {
    serverUuid: String(row?.["uuid"] ?? ""),
    readOnly: Number(row?.["readOnly"]) !== 0,
    transactions: withoutBreaks(String(row?.["transactions"] ?? "")),
  };
}

/** MySQL breaks a set into lines. */
function withoutBreaks(text: string): string {
  return text.replace(/\s/g, "");
}

function replicationOf(status: Row, source: string, replica: string): ReplicationAnswer {
  const receiving = status[`${replica}_IO_Running`] === "Yes";
  const applying = status[`${replica}_SQL_Running`] === "Yes";
  const behind = status[`Seconds_Behind_${source}`];
  const errno = Number(status["Last_SQL_Errno"]) || Number(status["Last_IO_Errno"]);
  return {
    sourceHost: String(status[`${source}_Host`] ?? ""),
    receiving,
    applying,
    // With a source that is gone the server goes on saying 0: without both threads nobody knows.
    lagSeconds:
      receiving && applying && behind !== null && behind !== undefined ? Number(behind) : null,
    ...(errno ? { lastErrno: errno } : {}),
  };
}

/** ER_SP_DOES_NOT_EXIST: not a database of RDS. */
const noSuchProcedure = 1305;
/** ER_PROCACCESS_DENIED_ERROR: what a user without rights in `mysql` is told of a procedure, whether there is one or not. */
const procedureDenied = 1370;
/** A server that purges nothing by itself: a hundred years. */
const neverPurged = 876_000;

/** RDS has a setting of its own, which is NULL by default; elsewhere the server's variable says it. */
async function retentionHours(query: Query): Promise<number | null> {
  try {
    const rows = (await query("CALL mysql.rds_show_configuration")).flat() as readonly Row[];
    const setting = rows.find((row) => row["name"] === "binlog retention hours");
    const value = setting?.["value"];
    return value === null || value === undefined || value === "NULL" ? null : Number(value);
  } catch (error) {
    const isAbsent =
      errnoOf(error) === noSuchProcedure ||
      (errnoOf(error) === procedureDenied && !(await isOfRds(query)));
    if (!isAbsent) throw error;
  }
  const [row] = await query("SELECT @@global.binlog_expire_logs_seconds AS seconds");
  const seconds = Number(row?.["seconds"] ?? 0);
  return seconds === 0 ? neverPurged : seconds / 3600;
}

/** RDS installs its servers in a place of its own. */
async function isOfRds(query: Query): Promise<boolean> {
  const [row] = await query("SELECT @@global.basedir AS folder");
  return String(row?.["folder"]).startsWith("/rdsdbbin/");
}

/** Names the event's own definer again: without the clause whoever alters an event becomes its definer. */
export const enableEvent = (
  { schema, name }: DatabaseEvent,
  definer: string,
): { readonly sql: string; readonly values: readonly string[] } => {
  const at = definer.lastIndexOf("@");
  return {
    sql: "ALTER DEFINER = ?@? EVENT ??.?? ENABLE",
    values: [definer.slice(0, at), definer.slice(at + 1), schema, name],
  };
};
