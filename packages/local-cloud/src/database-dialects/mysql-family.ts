import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ReplicationState } from "../data-planes.ts";
import type { DatabaseDialect, ServerLayout } from "../database-dialect.ts";
import type { ServerSettings } from "../database-servers/parameters.ts";
import { routeCheck } from "../database-servers/route.ts";
import type { Session } from "../database-servers/session.ts";

/* What MySQL and MariaDB have kept in common. */

/** What is received may take so long to apply before a replica is promoted. */
const drainSeconds = 10;

const versionSeconds = 10;

/** What the server says of its version. */
export const versionTextOf = async (server: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(server, ["--no-defaults", "--version"], {
    timeout: versionSeconds * 1000,
  });
  return stdout;
};

/** Both servers refuse to run as root unless they are told to. */
export const userParameters = (): readonly string[] =>
  process.getuid?.() === 0 ? ["--user=root"] : [];

export const sharedParameters = (
  layout: ServerLayout,
  settings: ServerSettings,
): readonly string[] => [
  `--datadir=${layout.dataFolder}`,
  `--tmpdir=${layout.temporaryFolder}`,
  `--socket=${layout.socketPath}`,
  `--pid-file=${layout.temporaryFolder}/pid`,
  `--bind-address=${layout.address}`,
  `--port=${layout.port}`,
  "--skip-name-resolve",
  ...(layout.clients === "functions" ? [`--init-connect=${routeCheck}`] : []),
  `--ssl-ca=${layout.caFile}`,
  `--ssl-cert=${layout.certificateFile}`,
  `--ssl-key=${layout.keyFile}`,
  `--require-secure-transport=${settings.requireSecureTransport ? "ON" : "OFF"}`,
  `--read-only=${settings.readOnly ? "ON" : "OFF"}`,
  `--server-id=${layout.serverId}`,
  "--log-bin=binlog",
  "--relay-log=relay",
  "--relay-log-recovery=ON",
  // Losses here end processes, never the machine: what the operating system has got is safe.
  "--innodb-flush-log-at-trx-commit=2",
  "--sync-binlog=0",
  "--performance-schema=OFF",
  "--innodb-buffer-pool-size=32M",
  "--max-connections=200",
];

export const sharedStatements: Pick<DatabaseDialect, "createDatabase" | "applySettings"> = {
  createDatabase: async (session, name) => {
    await session.query("CREATE DATABASE ??", [name]);
  },

  // Not MySQL's super_read_only: RDS leaves its own administrator able to write, and nobody else has the right.
  applySettings: async (session, settings) => {
    await session.query("SET GLOBAL require_secure_transport = ?", [
      settings.requireSecureTransport,
    ]);
    await session.query("SET GLOBAL read_only = ?", [settings.readOnly]);
  },
};

/** The words of each family for one thing. */
interface ReplicationWords {
  /** `SLAVE` and `MASTER` in MariaDB's statements are `REPLICA` and `SOURCE` in MySQL's. */
  readonly replica: "Slave" | "Replica";
  readonly source: "Master" | "Source";
  /** Column with the position up to which changes have been received. */
  readonly received: "Gtid_IO_Pos" | "Retrieved_Gtid_Set";
}

/** Statements that both have, in their own words. */
export const replicationIn = (
  words: ReplicationWords,
  waitForPosition: DatabaseDialect["waitForPosition"],
): Pick<DatabaseDialect, "endReplication" | "replicationState"> => {
  const replica = words.replica.toUpperCase();
  const statusOf = async (session: Session) => (await session.query(`SHOW ${replica} STATUS`))[0];
  return {
    endReplication: async (session) => {
      if (!(await statusOf(session))) return;
      await session.query(`STOP ${replica} IO_THREAD`);
      const received = await statusOf(session);
      if (received?.[`${words.replica}_SQL_Running`] === "Yes")
        await waitForPosition(session, received[words.received] ?? "", drainSeconds);
      await session.query(`STOP ${replica}`);
      await session.query(`RESET ${replica} ALL`);
    },

    replicationState: async (session) => replicationStateOf(await statusOf(session), words),
  };
};

type StatusRow = Awaited<ReturnType<Session["query"]>>[number];

const replicationStateOf = (
  status: StatusRow | undefined,
  { replica, source }: ReplicationWords,
): ReplicationState => {
  if (!status) return { configured: false, running: false, lagSeconds: null };
  const running =
    status[`${replica}_IO_Running`] === "Yes" && status[`${replica}_SQL_Running`] === "Yes";
  const error: string = status["Last_SQL_Error"] || status["Last_IO_Error"] || "";
  return {
    configured: true,
    running,
    lagSeconds: running ? status[`Seconds_Behind_${source}`] : null,
    ...(error !== "" && { error }),
  };
};
