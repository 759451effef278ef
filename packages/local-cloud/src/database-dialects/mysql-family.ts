import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ReplicationState } from "../data-planes.ts";
import type { DatabaseDialect, ServerLayout } from "../database-dialect.ts";
import type { ServerSettings } from "../database-servers/parameters.ts";
import { routeCheck } from "../database-servers/route.ts";
import type { Session } from "../database-servers/session.ts";

/* What MySQL and MariaDB have kept in common. */

/** What is received may take so long to apply before a replica is promoted. */
export const drainSeconds = 10;

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

type StatusRow = Awaited<ReturnType<Session["query"]>>[number];

/** `Slave` and `Master` in MariaDB's columns are `Replica` and `Source` in MySQL's. */
export const replicationStateOf = (
  status: StatusRow | undefined,
  replica: "Slave" | "Replica",
  source: "Master" | "Source",
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
