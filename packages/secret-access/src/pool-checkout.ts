import { watchCommands } from "./command-watch.ts";
import { faultAction } from "./connection-faults.ts";
import { ConnectionRequest, type PoolLimits } from "./connection-request.ts";
import {
  adoptConnection,
  type DatabaseLine,
  type LineServices,
  leaveLine,
  lineOf,
  openLine,
} from "./database-line.ts";
import type {
  ConnectionCallback,
  DriverConfig,
  DriverConnection,
  DriverPool,
} from "./mysql2-internals.ts";

/** Stands between mysql2's pool and whoever takes a connection from it or gives one back. */
export class PoolCheckout {
  readonly #services: LineServices;
  readonly #limits: PoolLimits;
  /** Those that stand in mysql2's queue: it calls `getConnection` again with their callback when a place becomes free. */
  readonly #waiting = new WeakMap<ConnectionCallback, ConnectionRequest>();
  #opening: ConnectionRequest | undefined;

  constructor(services: LineServices, limits: PoolLimits) {
    this.#services = services;
    this.#limits = limits;
  }

  /** The pool's `stream` factory: mysql2 calls it while it opens a connection for one request, before `getConnection` returns. */
  readonly openSocket = ({ config }: { readonly config: DriverConfig }) => {
    const request = this.#opening;
    const line = openLine(config, request?.refused ?? new Set(), this.#services);
    if (request) request.line = line;
    request?.waits();
    return line.socket;
  };

  attach(pool: DriverPool): void {
    const take = pool.getConnection.bind(pool);
    const giveBack = pool.releaseConnection.bind(pool);
    const takeFor = (request: ConnectionRequest) => {
      const { line } = request;
      this.#opening = request;
      take(request.receive);
      this.#opening = undefined;
      if (request.line === undefined || request.line === line) return;
      const opened = pool._allConnections.get(pool._allConnections.length - 1);
      if (opened) adoptConnection(request.line, opened);
    };
    const services = { ...this.#services, pool, takeFor, limits: this.#limits };
    pool.getConnection = (callback) =>
      takeFor(this.#waiting.get(callback) ?? new ConnectionRequest(callback, services));
    pool.releaseConnection = (connection) => {
      const line = lineOf(connection.config);
      if (line) line.usedAt = Date.now();
      if (line?.retired && !line.left) leaveLine(line);
      else giveBack(connection);
    };
    pool.on("enqueue", () => {
      const request = this.#opening;
      if (request) this.#waiting.set(request.receive, request);
      request?.waits();
    });
    pool.on("connection", (connection: DriverConnection) => this.#watch(connection));
  }

  #watch(connection: DriverConnection): void {
    const line = lineOf(connection.config);
    if (line)
      watchCommands(connection, line, this.#limits.queryMillis, (error) =>
        this.#observe(line, error),
      );
  }

  #observe(line: DatabaseLine, error: unknown): void {
    if (faultAction(error) !== "leave-read-only-server") return;
    line.retired = true;
    this.#services.host.invalidate();
  }
}
