import { rm } from "node:fs/promises";
import type { DatabaseParameters, DatabaseServer, ReplicationState } from "../data-planes.ts";
import type {
  Credentials,
  DatabaseDialect,
  ReplicationSource,
  ServerLayout,
} from "../database-dialect.ts";
import { settingsOf } from "./parameters.ts";
import type { ServerProcess } from "./server-process.ts";
import { DatabaseServerError, type Session, withSession } from "./session.ts";

export interface RegionalServerOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly folder: string;
  readonly layout: ServerLayout;
  readonly process: ServerProcess;
  readonly dialect: DatabaseDialect;
  readonly parameters: DatabaseParameters;
  /** A replica's. */
  readonly source?: ReplicationSource;
  readonly onRemoved: () => void;
}

const orderSeconds = 60;
const catchUpSeconds = 900;
/** A replica that stands still this long while it is made is given up. */
const brokenSeconds = 15;
const observationSeconds = 2;

/** One database as its Region has it: it works one order at a time, and a loss interrupts whatever it does. */
export class RegionalServer implements DatabaseServer {
  readonly region: string;
  readonly endpoint: string;
  readonly address: string;
  readonly port: number;
  readonly #options: RegionalServerOptions;
  readonly #process: ServerProcess;
  readonly #dialect: DatabaseDialect;
  #parameters: DatabaseParameters;
  #source: ReplicationSource | undefined;
  #promoting = false;
  #removed = false;
  /** Aborted by a loss and by the removal. */
  #interruption = new AbortController();
  #lastOrder: Promise<unknown> = Promise.resolve();

  constructor(options: RegionalServerOptions) {
    this.#options = options;
    this.region = options.region;
    this.endpoint = options.endpoint;
    this.address = options.layout.address;
    this.port = options.layout.port;
    this.#process = options.process;
    this.#dialect = options.dialect;
    this.#parameters = options.parameters;
    this.#source = options.source;
  }

  /** First start of a source. */
  initialise(replication: Credentials, master: Credentials, databaseName?: string): Promise<void> {
    return this.#order(async (signal) => {
      await this.#session(signal, async (session) => {
        await this.#dialect.createReplicationUser(session, replication);
        await this.#dialect.createMasterUser(session, master);
        if (databaseName !== undefined) await this.#dialect.createDatabase(session, databaseName);
      });
    });
  }

  position(): Promise<string> {
    return this.#order((signal) =>
      this.#session(signal, (session) => this.#dialect.position(session)),
    );
  }

  /** First start of a replica: returns when it has what the source had at that position. */
  follow(source: ReplicationSource, position: string, given: AbortSignal): Promise<void> {
    return this.#order(async (interruption) => {
      const signal = AbortSignal.any([interruption, given]);
      await this.#session(signal, (session) => catchUp(this.#dialect, session, source, position));
    }, catchUpSeconds);
  }

  async connections(): Promise<number | undefined> {
    const rows = await this.#look((session) =>
      session.query("SHOW GLOBAL STATUS LIKE 'Threads_connected'"),
    ).catch(() => []);
    const [row] = rows;
    // The one that asks is not counted.
    return row === undefined ? undefined : Number(row["Value"]) - 1;
  }

  async replication(): Promise<ReplicationState> {
    const configured = this.#source !== undefined;
    try {
      return await this.#look((session) => this.#dialect.replicationState(session));
    } catch {
      const error = "The database server does not answer.";
      return { configured, running: false, lagSeconds: null, error };
    }
  }

  #look<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const end = AbortSignal.any([
      this.#interruption.signal,
      AbortSignal.timeout(observationSeconds * 1000),
    ]);
    return withSession(this.#process.administrator, end, work);
  }

  async promote(): Promise<void> {
    if (!this.#source && !this.#promoting) return;
    this.#promoting = true;
    await this.#order(async (signal) => {
      await this.#session(signal, (session) => this.#dialect.endReplication(session));
      this.#source = undefined;
      await this.#process.stop();
      await this.#process.ensureRunning(this.#settings, signal);
      this.#promoting = false;
    });
  }

  async applyParameters(parameters: DatabaseParameters): Promise<void> {
    const settings = settingsOf(parameters, this.#source !== undefined);
    this.#parameters = parameters;
    await this.#order((signal) =>
      this.#session(signal, (session) => this.#dialect.applySettings(session, settings)),
    );
  }

  async setMasterPassword(username: string, password: string): Promise<void> {
    if (this.#source) {
      throw new DatabaseServerError(
        "A replica's master password is its source's: change it there.",
      );
    }
    await this.#order((signal) =>
      this.#session(signal, (session) =>
        this.#dialect.setPassword(session, { username, password }),
      ),
    );
  }

  freeze(): void {
    this.#interrupt();
    this.#process.freeze();
  }

  async die(): Promise<void> {
    this.#interrupt();
    await this.#process.die();
  }

  /** Goes on with the data that it had; returns when it answers. */
  async recover(): Promise<void> {
    if (this.#removed || !this.#interruption.signal.aborted) return;
    this.#interruption = new AbortController();
    this.#process.recover();
    await this.#order((signal) =>
      this.#session(signal, (session) => this.#dialect.applySettings(session, this.#settings)),
    );
  }

  async remove(): Promise<void> {
    this.#removed = true;
    this.#interrupt();
    await this.#lastOrder;
    // Its data goes too: there is nothing to write back.
    await this.#process.die();
    const { folder, layout } = this.#options;
    // A killed server leaves its socket behind, MySQL the lock of it as well.
    for (const path of [folder, layout.socketPath, `${layout.socketPath}.lock`])
      await rm(path, { recursive: true, force: true });
    this.#options.onRemoved();
  }

  get #settings() {
    return settingsOf(this.#parameters, this.#source !== undefined);
  }

  #interrupt(): void {
    this.#interruption.abort(
      new DatabaseServerError(
        `The database ${this.endpoint} ${this.#removed ? "was removed" : "went with its Region"}.`,
      ),
    );
  }

  #session<Result>(
    signal: AbortSignal,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    return withSession(this.#process.administrator, signal, work);
  }

  /** After the orders before it, on a server that runs. */
  #order<Result>(
    work: (signal: AbortSignal) => Promise<Result>,
    seconds = orderSeconds,
  ): Promise<Result> {
    const result = this.#lastOrder.then(async () => {
      const late = AbortSignal.timeout(seconds * 1000);
      const signal = AbortSignal.any([this.#interruption.signal, late]);
      try {
        await this.#process.ensureRunning(this.#settings, signal);
        return await work(signal);
      } catch (cause) {
        if (signal.reason !== late.reason || !late.aborted) throw cause;
        const message = `The database ${this.endpoint} did not finish within ${seconds} s.`;
        throw new DatabaseServerError(message, { cause });
      }
    });
    this.#lastOrder = result.catch(() => {});
    return result;
  }
}

const catchUp = async (
  dialect: DatabaseDialect,
  session: Session,
  source: ReplicationSource,
  position: string,
): Promise<void> => {
  await dialect.startReplication(session, source);
  let secondsBroken = 0;
  while (!(await dialect.waitForPosition(session, position, 1))) {
    const { running, error } = await dialect.replicationState(session);
    secondsBroken = running ? 0 : secondsBroken + 1;
    if (secondsBroken >= brokenSeconds) {
      throw new DatabaseServerError(
        `The replica has not followed its source for ${brokenSeconds} s: ${error ?? "no reason given"}`,
      );
    }
  }
};
