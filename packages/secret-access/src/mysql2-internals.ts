import type { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";

/**
 * What this package relies on in mysql2 beyond its documentation, and nothing else. Each point is pinned by
 * tests/mysql2-contract.integration.test.ts:
 * - `stream` may be a factory; it is called at once by `getConnection` with the connection's own copy of the options;
 * - `host`, `user`, `password` and `database` of that copy are read only when the server greets, `host` also as the TLS name;
 * - every statement of a connection passes `addCommand`, reports through `onResult` or "error", and ends with "end";
 * - `query`, `execute` and the promise API take connections by `getConnection` and give them back by `releaseConnection`;
 * - an error of `stream` (the TLS socket) fails the running and the queued statements and removes the connection from the pool;
 * - a connection that is being opened is the last of `_allConnections`; callers that wait stand in `_connectionQueue`.
 */
export interface DriverConfig {
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  database: string | undefined;
}

export interface DriverCommand extends EventEmitter {
  onResult?: (error: Error | null, ...rest: unknown[]) => void;
}

export interface DriverConnection extends EventEmitter {
  readonly config: DriverConfig;
  readonly stream: Duplex;
  addCommand(command: DriverCommand): DriverCommand;
  ping(done: (error: Error | null) => void): void;
  release(): void;
  destroy(): void;
}

export type ConnectionCallback = (error: Error | null, connection?: DriverConnection) => void;

interface DriverQueue<Item> {
  readonly length: number;
  get(index: number): Item | undefined;
  removeOne(index: number): void;
}

export interface DriverPool extends EventEmitter {
  getConnection(callback: ConnectionCallback): void;
  releaseConnection(connection: DriverConnection): void;
  end(callback?: (error?: Error | null) => void): void;
  readonly _connectionQueue: DriverQueue<ConnectionCallback>;
  readonly _allConnections: DriverQueue<DriverConnection>;
}
