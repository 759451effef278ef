import { createHash } from "node:crypto";
import { userInfo } from "node:os";
import { findProgram } from "../child-processes.ts";
import type { DatabaseDialect, ServerLayout, ServerProgram } from "../database-dialect.ts";
import type { ServerSettings } from "../database-servers/parameters.ts";
import type { Session } from "../database-servers/session.ts";
import {
  replicationIn,
  sharedParameters,
  sharedStatements,
  userParameters,
  versionTextOf,
} from "./mysql-family.ts";

const logFileSize = "--innodb-log-file-size=16M";

/** Stored form of a password: no statement, and so no log, ever holds the password itself. */
const passwordHash = (password: string): string => {
  const once = createHash("sha1").update(password).digest();
  return `*${createHash("sha1").update(once).digest("hex").toUpperCase()}`;
};

const findMariaDb = async (): Promise<ServerProgram | undefined> => {
  const server = await findProgram("mariadbd", ["/usr/sbin", "/usr/local/sbin", "/usr/libexec"]);
  const installer = await findProgram("mariadb-install-db", ["/usr/local/bin"]);
  if (server === undefined || installer === undefined) return undefined;
  const number =
    /(\d+\.\d+\.\d+)-MariaDB/.exec(await versionTextOf(server))?.[1] ?? "of unknown version";
  return { version: `MariaDB ${number}`, server, installer };
};

const serverParameters = (layout: ServerLayout, settings: ServerSettings): readonly string[] => [
  "--no-defaults",
  ...userParameters(),
  ...sharedParameters(layout, settings),
  // One domain a server: as with MySQL's GTID sets, what only one of two servers has is a set difference.
  `--gtid-domain-id=${layout.serverId}`,
  "--binlog-format=ROW",
  "--log-slave-updates=ON",
  // A lost source may return at any time: its replicas try for ever, and notice a silent one soon.
  "--master-retry-count=0",
  "--slave-net-timeout=4",
  "--character-set-server=utf8mb4",
  logFileSize,
  "--key-buffer-size=1M",
  "--aria-pagecache-buffer-size=4M",
];

const masterPrivileges = [
  "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER",
  "SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW",
  "CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER",
  // MySQL's REPLICATION SLAVE and REPLICATION CLIENT.
  "REPLICATION SLAVE, BINLOG MONITOR, SLAVE MONITOR",
].join(", ");

const waitForPosition = async (session: Session, position: string, seconds: number) => {
  const [row] = await session.query("SELECT MASTER_GTID_WAIT(?, ?) AS late", [position, seconds]);
  return row?.["late"] === 0;
};

export const mariaDb: DatabaseDialect = {
  ...sharedStatements,
  ...replicationIn(
    { replica: "Slave", source: "Master", received: "Gtid_IO_Pos" },
    waitForPosition,
  ),
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

  setPassword: async (session, { username, password }) => {
    await session.query("ALTER USER ?@'%' IDENTIFIED VIA mysql_native_password USING ?", [
      username,
      passwordHash(password),
    ]);
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

  position: async (session) => {
    const [row] = await session.query("SELECT @@GLOBAL.gtid_binlog_pos AS position");
    return row?.["position"] ?? "";
  },
};
