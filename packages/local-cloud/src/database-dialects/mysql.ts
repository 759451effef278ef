import { findPrograms, MissingProgramError } from "../child-processes.ts";
import type {
  Credentials,
  DatabaseDialect,
  ServerLayout,
  ServerProgram,
} from "../database-dialect.ts";
import type { ServerSettings } from "../database-servers/parameters.ts";
import type { Session } from "../database-servers/session.ts";
import {
  replicationIn,
  sharedParameters,
  sharedStatements,
  userParameters,
  versionTextOf,
} from "./mysql-family.ts";

/** The first version with every option and statement that is used here. */
const oldest = "8.0.30";

/** MariaDB's packages install a `mysqld` too: only the version tells whose it is. */
const programAt = async (server: string): Promise<ServerProgram | undefined> => {
  const text = await versionTextOf(server).catch(() => "");
  const number = /\bVer (\d+\.\d+\.\d+)/.exec(text)?.[1];
  if (number === undefined || text.includes("MariaDB")) return undefined;
  if (number.localeCompare(oldest, "en", { numeric: true }) < 0) return undefined;
  return { version: `MySQL ${number}`, server, installer: server };
};

/** @throws {MissingProgramError} when the given one is no MySQL server: another one would not be what was asked for. */
const findMySql = async (made?: string): Promise<ServerProgram | undefined> => {
  const given = process.env["STANDBY_MYSQLD"];
  if (given) {
    const program = await programAt(given);
    if (program) return program;
    throw new MissingProgramError(
      `STANDBY_MYSQLD names ${given}, which is no MySQL server of version ${oldest} or later: correct it, or unset it to use what is installed.`,
    );
  }
  const installed = await findPrograms("mysqld", ["/usr/sbin", "/usr/local/sbin", "/usr/libexec"]);
  for (const server of made === undefined ? installed : [...installed, made]) {
    const program = await programAt(server);
    if (program) return program;
  }
  return undefined;
};

const commonParameters = () => [
  "--no-defaults",
  ...userParameters(),
  "--innodb-redo-log-capacity=64M",
  // Losses here end processes, never the machine: what the operating system has got is safe.
  "--innodb-doublewrite=OFF",
  "--innodb-flush-method=nosync",
];

const serverParameters = (layout: ServerLayout, settings: ServerSettings): readonly string[] => [
  ...commonParameters(),
  ...sharedParameters(layout, settings),
  "--mysqlx=OFF",
  "--partial-revokes=ON",
  "--gtid-mode=ON",
  "--enforce-gtid-consistency=ON",
  // A silent source is noticed soon.
  "--replica-net-timeout=4",
  // The folder for files that statements read and write does not exist in every installation; RDS has none.
  "--secure-file-priv=NULL",
  "--innodb-buffer-pool-dump-at-shutdown=OFF",
  "--innodb-buffer-pool-load-at-startup=OFF",
];

/** Of RDS's rds_superuser_role; it has neither CONNECTION_ADMIN nor SYSTEM_VARIABLES_ADMIN. */
const masterPrivileges = [
  "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER",
  "SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW",
  "CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, CREATE ROLE, DROP ROLE",
  "REPLICATION SLAVE, REPLICATION CLIENT",
  "APPLICATION_PASSWORD_ADMIN, ROLE_ADMIN, XA_RECOVER_ADMIN",
].join(", ");

/** RDS lets nobody write in the `mysql` schema: who may can grant himself every dynamic privilege. */
const schemaPrivilegesToRevoke = [
  "INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER",
  "CREATE VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER",
].join(", ");

/** The server stores and logs a hash; this connection is a unix socket. */
const createUser = (session: Session, { username, password }: Credentials, requirement = "") =>
  session.query(
    `CREATE USER ?@'%' IDENTIFIED WITH caching_sha2_password BY ? ${requirement}`.trimEnd(),
    [username, password],
  );

const waitForPosition = async (session: Session, position: string, seconds: number) => {
  const statement = "SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ?) AS late";
  const [row] = await session.query(statement, [position, seconds]);
  return row?.["late"] === 0;
};

export const mySql: DatabaseDialect = {
  ...sharedStatements,
  ...replicationIn(
    { replica: "Replica", source: "Source", received: "Retrieved_Gtid_Set" },
    waitForPosition,
  ),
  kind: "mysql",
  howToGetIt:
    "install MySQL 8.4 or later (its mysqld on PATH), or name one with STANDBY_MYSQLD, or on Debian let `node tools/bootstrap.mjs --database mysql` make one for this user",
  administrator: "root",
  findProgram: findMySql,
  serverParameters,
  waitForPosition,

  installerParameters: (dataFolder, temporaryFolder) => [
    ...commonParameters(),
    "--initialize-insecure",
    `--datadir=${dataFolder}`,
    `--tmpdir=${temporaryFolder}`,
    "--disable-log-bin",
    "--auto-generate-certs=OFF",
  ],
  // The server's UUID, which GTIDs carry.
  filesOfOneServer: ["auto.cnf"],

  createReplicationUser: async (session, user) => {
    await createUser(session, user, "REQUIRE SSL");
    await session.query("GRANT REPLICATION SLAVE ON *.* TO ?@'%'", [user.username]);
  },

  createMasterUser: async (session, user) => {
    await createUser(session, user);
    await session.query(`GRANT ${masterPrivileges} ON *.* TO ?@'%' WITH GRANT OPTION`, [
      user.username,
    ]);
    await session.query(`REVOKE ${schemaPrivilegesToRevoke} ON mysql.* FROM ?@'%'`, [
      user.username,
    ]);
  },

  setPassword: async (session, { username, password }) => {
    await session.query("ALTER USER ?@'%' IDENTIFIED WITH caching_sha2_password BY ?", [
      username,
      password,
    ]);
  },

  startReplication: async (session, source) => {
    // A lost source may return at any time: its replicas try for ever (0).
    await session.query(
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST = ?, SOURCE_PORT = ?, SOURCE_USER = ?, SOURCE_PASSWORD = ?,
       SOURCE_SSL = 1, SOURCE_SSL_CA = ?, SOURCE_AUTO_POSITION = 1,
       SOURCE_CONNECT_RETRY = 1, SOURCE_RETRY_COUNT = 0, SOURCE_HEARTBEAT_PERIOD = 1`,
      [source.address, source.port, source.username, source.password, source.caFile],
    );
    await session.query("START REPLICA");
  },

  position: async (session) => {
    const [row] = await session.query("SELECT @@GLOBAL.gtid_executed AS position");
    return row?.["position"] ?? "";
  },
};
