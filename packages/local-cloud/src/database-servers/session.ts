import { setTimeout as delay } from "node:timers/promises";
import { createConnection, type RowDataPacket } from "mysql2";

/** A server did not answer its administrator in time. */
export class DatabaseServerError extends Error {
  override readonly name = "DatabaseServerError";
}

/** The administrator's connection: by the server's own unix socket, with no password to keep. */
export interface Session {
  query(sql: string, values?: readonly unknown[]): Promise<readonly RowDataPacket[]>;
}

export interface Administrator {
  readonly socketPath: string;
  readonly username: string;
}

/** mysql2 puts the statement on its errors, and with it any password. */
const withoutStatement = (error: unknown): never => {
  if (error instanceof Error) Reflect.deleteProperty(error, "sql");
  throw error;
};

/** Runs some work on a connection of its own; the abort of the signal ends it in the middle of whatever it waits for. */
export const withSession = async <Result>(
  administrator: Administrator,
  signal: AbortSignal,
  work: (session: Session) => Promise<Result>,
): Promise<Result> => {
  signal.throwIfAborted();
  const connection = createConnection({
    socketPath: administrator.socketPath,
    user: administrator.username,
  });
  const broken = Promise.withResolvers<never>();
  const abort = () => broken.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  connection.on("error", (error) => broken.reject(error));
  const session: Session = {
    query: async (sql, values = []) => {
      const result = connection.promise().query<RowDataPacket[]>(sql, [...values]);
      const [rows] = await result.catch(withoutStatement);
      return Array.isArray(rows) ? rows : [];
    },
  };
  try {
    return await Promise.race([work(session), broken.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
    connection.destroy();
  }
};

/** Tries until a server that starts answers. */
export const untilAnswering = async (
  administrator: Administrator,
  signal: AbortSignal,
): Promise<void> => {
  for (;;) {
    try {
      return await withSession(administrator, signal, async (session) => {
        await session.query("SELECT 1");
      });
    } catch {
      signal.throwIfAborted();
    }
    await delay(25, undefined, { signal });
  }
};
