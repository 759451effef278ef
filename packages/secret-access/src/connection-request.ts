import { faultAction } from "./connection-faults.ts";
import type { DatabaseTarget } from "./database-host.ts";
import {
  cutLine,
  type DatabaseLine,
  type LineServices,
  leaveLine,
  lineOf,
} from "./database-line.ts";
import {
  AccessError,
  DatabaseAccessDeniedError,
  DatabaseIdentityError,
  DatabaseUnreachableError,
} from "./errors.ts";
import { judgeLine } from "./line-verdict.ts";
import type { ConnectionCallback, DriverConnection, DriverPool } from "./mysql2-internals.ts";

export interface PoolLimits {
  /** From asking for a connection to having one. */
  readonly acquireMillis: number;
  /** A statement's answer. */
  readonly queryMillis: number;
  /** A connection that was idle longer than this is checked before use. */
  readonly idleCheckMillis: number;
  readonly idleCheckDeadlineMillis: number;
}

export interface RequestServices extends LineServices {
  readonly pool: DriverPool;
  /** Takes a connection of the pool, or opens one, for the request. */
  readonly takeFor: (request: ConnectionRequest) => void;
  readonly limits: PoolLimits;
}

/**
 * Somebody who waits for a connection: gets one that leads where the CNAME leads now, or a typed error within the deadline.
 * A login that the server refuses goes on with the secret's next version.
 */
export class ConnectionRequest {
  /** Versions of the secret that the server has refused to this caller. */
  readonly refused = new Set<string>();
  /** The line that was opened for this caller last. */
  line: DatabaseLine | undefined;
  readonly #callback: ConnectionCallback;
  readonly #services: RequestServices;
  #timer: NodeJS.Timeout | undefined;
  #settled = false;

  constructor(callback: ConnectionCallback, services: RequestServices) {
    this.#callback = callback;
    this.#services = services;
  }

  /** Starts the deadline; a connection that is at hand needs none. */
  waits(): void {
    this.#timer ??= setTimeout(() => this.#expire(), this.#services.limits.acquireMillis);
  }

  /** What mysql2 calls with a connection of the pool, new or used, or with why a new one failed. */
  readonly receive: ConnectionCallback = (error, connection) => {
    if (error || !connection) this.#failed(error);
    else this.#received(connection);
  };

  #received(connection: DriverConnection): void {
    const line = lineOf(connection.config);
    if (this.#settled || !line?.target || !line.credentials) this.#hand(connection);
    else if (line === this.line) {
      this.#services.order.accepted(line.target.target, line.credentials);
      this.#hand(connection);
    } else this.#inspect(connection, line, line.target.host);
  }

  #inspect(connection: DriverConnection, line: DatabaseLine, cname: string): void {
    const { host } = this.#services;
    const fresh = host.peek(cname);
    if (fresh) {
      this.#judge(connection, line, fresh);
      return;
    }
    this.waits();
    host.locate(cname).then(
      (located) => this.#judge(connection, line, located),
      (error: Error) => {
        // Beyond the bound of the last good answer connections that work still go on; a record that names a foreign host ends them.
        if (error instanceof DatabaseIdentityError) {
          leaveLine(line);
          this.#settle(error);
        } else this.#judge(connection, line, undefined);
      },
    );
  }

  #judge(
    connection: DriverConnection,
    line: DatabaseLine,
    located: DatabaseTarget | undefined,
  ): void {
    const verdict = judgeLine(line, located, Date.now(), this.#services.limits.idleCheckMillis);
    if (verdict === "use") this.#hand(connection);
    else if (verdict === "check") this.#check(connection, line);
    else {
      leaveLine(line);
      this.#again();
    }
  }

  /** A frozen function wakes up with sockets that are dead and do not know it. */
  #check(connection: DriverConnection, line: DatabaseLine): void {
    const { idleCheckDeadlineMillis } = this.#services.limits;
    this.waits();
    const silent = new Error("the server does not answer a ping");
    const timer = setTimeout(() => cutLine(line, silent), idleCheckDeadlineMillis);
    connection.ping((error) => {
      clearTimeout(timer);
      if (error) this.#again();
      else this.#hand(connection);
    });
  }

  #failed(error: Error | null): void {
    const { line } = this;
    if (line) leaveLine(line);
    if (this.#settled) return;
    if (faultAction(error) === "refresh-credentials" && line?.credentials) {
      this.refused.add(line.credentials.versionId);
      this.#again();
      return;
    }
    this.#services.host.invalidate();
    this.#settle(connectError(error, line));
  }

  #again(): void {
    if (!this.#settled) this.#services.takeFor(this);
  }

  #hand(connection: DriverConnection): void {
    if (this.#settled) connection.release();
    else this.#settle(null, connection);
  }

  #expire(): void {
    const { pool, limits } = this.#services;
    removeFromQueue(pool, this.receive);
    const phase = this.line?.phase ?? "waiting for a free connection";
    const text = `no connection to the database within ${limits.acquireMillis} ms, still ${phase}`;
    this.#settle(new DatabaseUnreachableError(phase, text));
  }

  #settle(error: Error | null, connection?: DriverConnection): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#callback(error, connection);
  }
}

/** mysql2 would open a connection for a caller that has gone. */
function removeFromQueue(pool: DriverPool, callback: ConnectionCallback): void {
  const queue = pool._connectionQueue;
  for (let index = queue.length - 1; index >= 0; index--)
    if (queue.get(index) === callback) queue.removeOne(index);
}

function connectError(error: Error | null, line: DatabaseLine | undefined): Error {
  if (error instanceof AccessError) return error;
  const reason = error?.message ?? "no connection";
  const server = line?.target ? `${line.target.target} (${line.target.host})` : "the database";
  const action = faultAction(error);
  if (action === "repair-user")
    return new DatabaseAccessDeniedError(
      "database-access-denied",
      `${server} does not let the secret's user in: ${reason}. Unlock the user, renew its password or grant it the database`,
      error,
    );
  if (action === "distrust")
    return new DatabaseIdentityError(
      "database-identity",
      `cannot trust ${server}: ${reason}. Its certificate must name it and come from a known authority`,
      error,
    );
  const phase = line?.phase ?? "connecting";
  return new DatabaseUnreachableError(
    phase,
    `no connection to ${server}, ${phase}: ${reason}`,
    error,
  );
}
