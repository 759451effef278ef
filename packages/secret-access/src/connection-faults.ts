/**
 * What a MySQL or MariaDB error asks for. Numbers and codes only: the text changes with version and language, and 1227 also
 * says "Access denied".
 */
export type FaultAction =
  /** Log in again with another version of the secret. */
  | "refresh-credentials"
  /** The user is at fault in the database: blocked, expired, without the right. Neither another password nor time helps. */
  | "repair-user"
  /** The server does not take writes: leave it and ask the CNAME again. Nothing was applied. */
  | "leave-read-only-server"
  /** The connection is gone or useless. What was sent may have been applied. */
  | "reconnect"
  /** The server has no room, is offline, or blocks the user for a time: try again later. Nothing was applied. */
  | "wait"
  /** Not the server that it should be: do not go on. */
  | "distrust"
  /** An error of the statement, or one that is not known. */
  | "report";

const actionOfErrno: Readonly<Record<number, FaultAction>> = {
  // ER_ACCESS_DENIED_ERROR: a wrong password and an unknown user alike.
  1045: "refresh-credentials",
  // ER_DBACCESS_DENIED_ERROR, ER_ACCOUNT_HAS_BEEN_LOCKED (MySQL, MariaDB).
  1044: "repair-user",
  3118: "repair-user",
  4151: "repair-user",
  // ER_MUST_CHANGE_PASSWORD and ER_MUST_CHANGE_PASSWORD_LOGIN: the password was right, the server wants a new one first.
  1820: "repair-user",
  1862: "repair-user",
  // ER_OPTION_PREVENTS_STATEMENT (read_only), ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, ER_READ_ONLY_MODE.
  1290: "leave-read-only-server",
  1792: "leave-read-only-server",
  1836: "leave-read-only-server",
  // ER_CON_COUNT_ERROR, ER_TOO_MANY_USER_CONNECTIONS, ER_HOST_IS_BLOCKED, ER_SERVER_OFFLINE_MODE.
  1040: "wait",
  1203: "wait",
  1129: "wait",
  3032: "wait",
  // The account is blocked by too many failed logins: the right password is refused as well, until the time is over.
  3955: "wait",
  // ER_SECURE_TRANSPORT_REQUIRED: this package speaks TLS or not at all, so somebody in between does not.
  3159: "distrust",
  // ER_SERVER_SHUTDOWN, ER_NORMAL_SHUTDOWN, ER_QUERY_INTERRUPTED by KILL, ER_CLIENT_INTERACTION_TIMEOUT.
  1053: "reconnect",
  1077: "reconnect",
  1927: "reconnect",
  4031: "reconnect",
};

const actionOfCode: Readonly<Record<string, FaultAction>> = {
  PROTOCOL_CONNECTION_LOST: "reconnect",
  PROTOCOL_SEQUENCE_TIMEOUT: "reconnect",
  ECONNRESET: "reconnect",
  ECONNREFUSED: "reconnect",
  EPIPE: "reconnect",
  ETIMEDOUT: "reconnect",
  EHOSTUNREACH: "reconnect",
  ENETUNREACH: "reconnect",
  "query-deadline": "reconnect",
  HANDSHAKE_SSL_ERROR: "distrust",
  HANDSHAKE_NO_SSL_SUPPORT: "distrust",
};

/** The one table of what an error of the database means. */
export function faultAction(error: unknown): FaultAction {
  if (typeof error !== "object" || error === null) return "report";
  const { errno, code } = error as { readonly errno?: unknown; readonly code?: unknown };
  return actionOfErrno[Number(errno)] ?? actionOfCode[String(code)] ?? "report";
}

/** True when a statement that failed so may have been applied all the same: never send it again without an idempotency key. */
export const mayHaveBeenApplied = (error: unknown): boolean => faultAction(error) === "reconnect";
