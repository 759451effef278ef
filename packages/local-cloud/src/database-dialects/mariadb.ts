import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { userInfo } from "node:os";
import { promisify } from "node:util";
import { findProgram } from "../child-processes.ts";
import type { DatabaseDialect, ServerLayout, ServerProgram } from "../database-dialect.ts";
import type { ServerSettings } from "../database-servers/parameters.ts";
import type { Session } from "../database-servers/session.ts";

const logFileSize = "--innodb-log-file-size=16M";
const drainSeconds = 10;

/** Stored form of a password: no statement, and so no log, ever holds the password itself. */
const passwordHash = (password: string): string => {
  const once = createHash("sha1").update(password).digest();
  return `*${createHash("sha1").update(once).digest("hex").toUpperCase()}`;
};

const findMariaDb = async (): Promise<ServerProgram | undefined> => {
  const server = await findProgram("mariadbd", ["/usr/sbin", "/usr/local/sbin", "/usr/libexec"]);
  const installer = await findProgram("mariadb-install-db", ["/usr/local/bin"]);
  if (server === undefined || installer === undefined) return undefined;
  const { stdout } = await promisify(execFile)(server, ["--no-defaults", "--version"], {
    timeout: 10_000,
  });
  const number = /(\d+\.\d+\.\d+)-MariaDB/.exec(stdout)?.[1] ?? "of unknown version";
  return { version: `MariaDB ${number}`, server, installer };
};

/** mariadbd refuses to run as root unless it is told to. */
const userParameters = () => (process.getuid?.() === 0 ? ["--user=root"] : []);

const serverParameters = (layout: ServerLayout, settings: ServerSettings): readonly string[] => [
  "--no-defaults",
  ...userParameters(),
  `--datadir=${layout.dataFolder}`,
  `--tmpdir=${layout.temporaryFolder}`,
  `--socket=${layout.socketPath}`,
  `--pid-file=${layout.temporaryFolder}/pid`,
  `--bind-address=${layout.address}`,
  `--port=${layout.port}`,
  "--skip-name-resolve",
  `--ssl-ca=${layout.caFile}`,
  `--ssl-cert=${layout.certificateFile}`,
  `--ssl-key=${layout.keyFile}`,
  `--require-secure-transport=${settings.requireSecureTransport ? "ON" : "OFF"}`,
  `--read-only=${settings.readOnly ? "ON" : "OFF"}`,
  `--server-id=${layout.serverId}`,
  // One domain a server: as with MySQL's GTID sets, what only one of two servers has is a set difference.
  `--gtid-domain-id=${layout.serverId}`,
  "--log-bin=binlog",
  "--relay-log=relay",
  "--binlog-format=ROW",
  "--log-slave-updates=ON",
  "--relay-log-recovery=ON",
  // A lost source may return at any time: its replicas try for ever, and notice a silent one soon.
  "--master-retry-count=0",
  "--slave-net-timeout=4",
  // Losses here end processes, never the machine: what the operating system has got is safe.
  "--innodb-flush-log-at-trx-commit=2",
  "--sync-binlog=0",
  "--character-set-server=utf8mb4",
  "--performance-schema=OFF",
  logFileSize,
  "--innodb-buffer-pool-size=32M",
  "--key-buffer-size=1M",
  "--aria-pagecache-buffer-size=4M",
  "--max-connections=200",
];

const masterPrivileges = [
  "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER",
  "SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW",
  "CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER",
  // MySQL's REPLICATION SLAVE and REPLICATION CLIENT.
  "REPLICATION SLAVE, BINLOG MONITOR, SLAVE MONITOR",
].join(", ");

const statusOf = async (session: Session) => (await session.query("SHOW SLAVE STATUS"))[0];

const waitForPosition = async (session: Session, position: string, seconds: number) => {
  const [row] = await session.query("SELECT MASTER_GTID_WAIT(?, ?) AS late", [position, seconds]);
  return row?.["late"] === 0;
};

export const mariaDb: DatabaseDialect = {
  kind: "mariadb",
  howToGetIt:
    "install MariaDB 10.11 or later, its server (mariadbd) and mariadb-install-db (Debian: apt-get install --no-install-recommends mariadb-server)",
  get administrator() {
    return userInfo().username;
  },
  findProgram: findMariaDb,
  serverParameters,
  waitForPosition,
  filesOfOneServer: [],

  installerParameters: (dataFolder, temporaryFolder) => [
    "--no-defaults",
    ...userParameters(),
    `--datadir=${dataFolder}`,
    `--tmpdir=${temporaryFolder}`,
    "--auth-root-authentication-method=socket",
    `--auth-root-socket-user=${userInfo().username}`,
    "--skip-test-db",
    "--skip-name-resolve",
    logFileSize,
  ],

  createReplicationUser: async (session, { username, password }) => {
    await session.query(
      "CREATE USER ?@'%' IDENTIFIED VIA mysql_native_password USING ? REQUIRE SSL",
      [username, passwordHash(password)],
    );
    await session.query("GRANT REPLICATION SLAVE ON *.* TO ?@'%'", [username]);
  },

  createMasterUser: async (session, { username, password }) => {
    await session.query("CREATE USER ?@'%' IDENTIFIED VIA mysql_native_password USING ?", [
      username,
      passwordHash(password),
    ]);
    await session.query(`GRANT ${masterPrivileges} ON *.* TO ?@'%' WITH GRANT OPTION`, [username]);
  },

  createDatabase: async (session, name) => {
    await session.query("CREATE DATABASE ??", [name]);
  },

  setPassword: async (session, { username, password }) => {
    await session.query("ALTER USER ?@'%' IDENTIFIED VIA mysql_native_password USING ?", [
      username,
      passwordHash(password),
    ]);
  },

  applySettings: async (session, settings) => {
    await session.query("SET GLOBAL require_secure_transport = ?", [
      settings.requireSecureTransport,
    ]);
    await session.query("SET GLOBAL read_only = ?", [settings.readOnly]);
  },

  startReplication: async (session, source) => {
    await session.query(
      `CHANGE MASTER TO MASTER_HOST = ?, MASTER_PORT = ?, MASTER_USER = ?, MASTER_PASSWORD = ?,
       MASTER_SSL = 1, MASTER_SSL_CA = ?, MASTER_USE_GTID = slave_pos,
       MASTER_CONNECT_RETRY = 1, MASTER_HEARTBEAT_PERIOD = 1`,
      [source.address, source.port, source.username, source.password, source.caFile],
    );
    await session.query("START SLAVE");
  },

  endReplication: async (session) => {
    if (!(await statusOf(session))) return;
    await session.query("STOP SLAVE IO_THREAD");
    const received = await statusOf(session);
    if (received?.["Slave_SQL_Running"] === "Yes") {
      await waitForPosition(session, received["Gtid_IO_Pos"] ?? "", drainSeconds);
    }
    await session.query("STOP SLAVE");
    await session.query("RESET SLAVE ALL");
  },

  replicationState: async (session) => {
    const status = await statusOf(session);
    if (!status) return { configured: false, running: false, lagSeconds: null };
    const running = status["Slave_IO_Running"] === "Yes" && status["Slave_SQL_Running"] === "Yes";
    const error: string = status["Last_SQL_Error"] || status["Last_IO_Error"] || "";
    return {
      configured: true,
      running,
      lagSeconds: running ? status["Seconds_Behind_Master"] : null,
      ...(error !== "" && { error }),
    };
  },

  position: async (session) => {
    const [row] = await session.query("SELECT @@GLOBAL.gtid_binlog_pos AS position");
    return row?.["position"] ?? "";
  },
};
