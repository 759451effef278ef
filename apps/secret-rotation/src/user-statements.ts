import { probeSchema } from "@standby/topology";
import type { Session } from "./database-login.ts";
import { RotationRefusedError, StatementFailedError } from "./errors.ts";

/** ER_SP_DOES_NOT_EXIST: not a database of RDS. */
const noSuchProcedure = 1305;

/** A writer, and not a replica that somebody made writable: a password set there would be nobody's. */
export async function requireWriter(session: Session): Promise<void> {
  const [row] = await session.query(
    "Asking whether the database takes writes",
    "SELECT @@global.read_only AS readOnly",
  );
  if (Number(row?.["readOnly"]) !== 0)
    throw new RotationRefusedError(
      "not-a-writer",
      `${session.target} takes no writes: it is a replica, or fenced. Nothing was changed`,
    );
  const [source] = await session.query(
    "Asking whether the database is a replica",
    "SHOW REPLICA STATUS",
  );
  if (source)
    throw new RotationRefusedError(
      "not-a-writer",
      `${session.target} replicates from another database: a rotation changes the source alone. Nothing was changed`,
    );
}

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * The placeholders are filled in by the driver; the connection is TLS, and the server logs no password of these statements. The user
 * is named with its host: MariaDB takes CURRENT_USER() here, says that it is done, and changes nothing.
 */
export async function setOwnPassword(session: Session, password: string): Promise<void> {
  const [row] = await session.query("Asking who is logged in", "SELECT CURRENT_USER() AS user");
  const user = String(row?.["user"]);
  const at = user.lastIndexOf("@");
  await session.query("Setting the user's own password", "ALTER USER ?@? IDENTIFIED BY ?", [
    user.slice(0, at),
    user.slice(at + 1),
    password,
  ]);
}

/** Makes the user, or gives it this password; again it changes nothing. */
export async function ensureUser(
  session: Session,
  { username, password }: Credentials,
): Promise<void> {
  const values = [username, password];
  await session.query(
    `Creating the user ${username}`,
    "CREATE USER IF NOT EXISTS ?@'%' IDENTIFIED BY ? REQUIRE SSL",
    values,
  );
  await session.query(
    `Setting the password of ${username}`,
    "ALTER USER ?@'%' IDENTIFIED BY ? REQUIRE SSL",
    values,
  );
}

export async function setPassword(
  session: Session,
  { username, password }: Credentials,
): Promise<void> {
  await session.query(`Setting the password of ${username}`, "ALTER USER ?@'%' IDENTIFIED BY ?", [
    username,
    password,
  ]);
}

/** The second user may do what the first may, whoever has granted it since. */
export async function copyRights(session: Session, from: string, to: string): Promise<void> {
  const rows = await session.query(`Reading the rights of ${from}`, "SHOW GRANTS FOR ?@'%'", [
    from,
  ]);
  const grantee = ` TO \`${from}\`@\`%\``;
  for (const row of rows) {
    const grant = String(Object.values(row)[0]);
    const at = grant.lastIndexOf(grantee);
    if (at < 0) continue;
    const option = / WITH GRANT OPTION$/.test(grant) ? " WITH GRANT OPTION" : "";
    await session.query(
      `Granting ${to} the rights of ${from}`,
      `${grant.slice(0, at)} TO ?@'%'${option}`,
      [to],
    );
  }
}

/** Data and tables of its own schema: a function that migrates makes tables. */
const ownSchemaRights =
  "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, EVENT";
/** The probe logs in as the application: it keeps two tables, and reads how far replication is and what the binary logs hold. */
const probeSchemaRights = "SELECT, INSERT, UPDATE, DELETE, CREATE";
const replicationRights = "REPLICATION CLIENT, REPLICATION SLAVE";

/** What the application, and the probe in its name, need. */
export async function grantApplicationRights(
  session: Session,
  username: string,
  schema: string,
): Promise<void> {
  const grant = (rights: string, on: string, values: readonly string[] = []) =>
    session.query(`Granting ${username} its rights`, `GRANT ${rights} ON ${on} TO ?@'%'`, [
      ...values,
      username,
    ]);
  await grant(ownSchemaRights, "??.*", [schema]);
  await grant(probeSchemaRights, "??.*", [probeSchema]);
  await grant(`${replicationRights}${await replicaStatusRight(session)}`, "*.*");
  try {
    await grant("EXECUTE", "PROCEDURE mysql.rds_show_configuration");
  } catch (error) {
    if (!(error instanceof StatementFailedError) || error.errno !== noSuchProcedure) throw error;
  }
}

/** MariaDB, where a rehearsal runs on it, has a right of its own for SHOW REPLICA STATUS. */
async function replicaStatusRight(session: Session): Promise<string> {
  const [row] = await session.query(
    "Asking for the server's version",
    "SELECT VERSION() AS version",
  );
  return /mariadb/i.test(String(row?.["version"])) ? ", SLAVE MONITOR" : "";
}
