import { MissingProgramError } from "./child-processes.ts";
import {
  type DatabaseDialect,
  type DatabaseKind,
  databaseKinds,
  type ServerProgram,
} from "./database-dialect.ts";
import { mariaDb } from "./database-dialects/mariadb.ts";
import { mySql } from "./database-dialects/mysql.ts";

/** A kind of server and the program of it that this machine has. */
export interface FoundDatabase {
  readonly dialect: DatabaseDialect;
  readonly program: ServerProgram;
}

export interface DatabaseWish {
  /** Default: what STANDBY_DATABASE names, else MySQL when one is installed or given (STANDBY_MYSQLD), else MariaDB. */
  readonly kind?: DatabaseKind | undefined;
  /** The MySQL server that the set-up made, if it did. Made for those who ask for it by name: the default never takes it. */
  readonly madeMySql?: string | undefined;
}

const dialects: Readonly<Record<DatabaseKind, DatabaseDialect>> = {
  mysql: mySql,
  mariadb: mariaDb,
};

/** @throws {MissingProgramError} with the command that installs what is missing */
export const findDatabase = async (wish: DatabaseWish): Promise<FoundDatabase> => {
  const kind = wish.kind ?? environmentKind();
  if (kind === undefined) return (await found(mySql)) ?? (await found(mariaDb)) ?? missing(mariaDb);
  const dialect = dialects[kind];
  return (await found(dialect, wish.madeMySql)) ?? missing(dialect);
};

/** One of each kind that this machine has. */
export const presentDatabases = async (madeMySql?: string): Promise<readonly FoundDatabase[]> => {
  const all = await Promise.all(databaseKinds.map((kind) => found(dialects[kind], madeMySql)));
  return all.filter((each) => each !== undefined);
};

const found = async (
  dialect: DatabaseDialect,
  made?: string,
): Promise<FoundDatabase | undefined> => {
  const program = await dialect.findProgram(made);
  return program && { dialect, program };
};

const missing = (dialect: DatabaseDialect): never => {
  throw new MissingProgramError(
    `The local cloud's databases are real servers, and ${names[dialect.kind]} is missing: ${dialect.howToGetIt}.`,
  );
};

const names: Readonly<Record<DatabaseKind, string>> = { mysql: "MySQL", mariadb: "MariaDB" };

const environmentKind = (): DatabaseKind | undefined => {
  const text = process.env["STANDBY_DATABASE"];
  if (text === undefined || text === "") return undefined;
  const kind = databaseKinds.find((each) => each === text);
  if (kind === undefined) {
    throw new Error(
      `STANDBY_DATABASE is not a server that the local cloud has: use ${databaseKinds.join(" or ")}.`,
    );
  }
  return kind;
};
