import { Socket } from "node:net";
import type { CredentialsOrder, DatabaseCredentials } from "./credentials-order.ts";
import type { DatabaseHost, DatabaseTarget } from "./database-host.ts";
import { type ConnectPhase, DatabaseAccessDeniedError } from "./errors.ts";
import type { DriverConfig, DriverConnection } from "./mysql2-internals.ts";

/** One socket to one server, and what was known when it was opened. */
export interface DatabaseLine {
  readonly socket: Socket;
  /** Known as soon as mysql2 has made it. */
  connection?: DriverConnection;
  readonly openedAt: number;
  phase: ConnectPhase;
  target?: DatabaseTarget;
  address?: string;
  credentials?: DatabaseCredentials;
  /** When it was last given back. */
  usedAt: number;
  /** Not to be used again: closed when it is given back. */
  retired: boolean;
  /** Closed: mysql2 gives a destroyed connection back once more. */
  left: boolean;
}

const lines = new WeakMap<object, DatabaseLine>();

/** The line of a connection, by the connection's own copy of the options. */
export const lineOf = (config: object): DatabaseLine | undefined => lines.get(config);

export interface LineServices {
  readonly order: CredentialsOrder;
  readonly host: DatabaseHost;
}

/**
 * Opens a line: credentials, then the CNAME, then the target's address. mysql2 waits for the server's greeting before it reads
 * the options, so they can be filled in until then; a failure destroys the socket with the typed error, which fails the login.
 */
export function openLine(
  config: DriverConfig,
  refused: ReadonlySet<string>,
  services: LineServices,
): DatabaseLine {
  const now = Date.now();
  const line: DatabaseLine = {
    socket: new Socket(),
    openedAt: now,
    usedAt: now,
    phase: "reading the secret",
    retired: false,
    left: false,
  };
  lines.set(config, line);
  // A connection that ends by itself is a sign that the record has moved, or is about to.
  line.socket.once("close", () => {
    if (!line.left) services.host.invalidate();
  });
  connectLine(line, config, refused, services).catch((error: unknown) =>
    line.socket.destroy(error instanceof Error ? error : new Error("cannot connect")),
  );
  return line;
}

async function connectLine(
  line: DatabaseLine,
  config: DriverConfig,
  refused: ReadonlySet<string>,
  { order, host }: LineServices,
): Promise<void> {
  const current = await order.current();
  line.phase = "resolving the host";
  line.target = await host.locate(current.value.host);
  line.phase = "reading the secret";
  const credentials = await order.next(line.target.target, refused);
  if (!credentials)
    throw new DatabaseAccessDeniedError(
      "database-access-denied",
      `${line.target.target} refuses every version of the secret ${current.arn}: compare the user's password with AWSCURRENT`,
    );
  line.credentials = credentials;
  line.phase = "connecting";
  const [address = ""] = line.target.addresses;
  line.address = address;
  if (line.socket.destroyed) return;
  const { port, username, password, dbname } = credentials.value;
  Object.assign(config, { host: line.target.target, port, user: username, database: dbname });
  // Not enumerable: whoever prints a connection does not print the password.
  Object.defineProperty(config, "password", { value: password, writable: true, enumerable: false });
  line.socket.setNoDelay(true).setKeepAlive(true).connect(port, address);
}

/**
 * Takes care of the errors of a connection from the start: mysql2 can emit a second one when a TLS socket dies, and an "error"
 * without a listener ends the process.
 */
export function adoptConnection(line: DatabaseLine, connection: DriverConnection): void {
  line.connection = connection;
  connection.on("error", () => {});
}

/** Fails what runs on the line. The TLS socket is cut, not the one below it, whose end mysql2 takes for the server's. */
export const cutLine = (line: DatabaseLine, error: Error): unknown =>
  (line.connection?.stream ?? line.socket).destroy(error);

/** mysql2's `destroy` only ends the socket, which a silent server never answers: it is destroyed as well. */
export function leaveLine(line: DatabaseLine): void {
  line.left = true;
  line.connection?.destroy();
  line.connection?.stream.destroy();
  line.socket.destroy();
}
