import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type CertificateAuthority,
  cacheFolder,
  chooseLoopbackAddress,
  copyTemplate,
  databasePort,
  dataTemplate,
  type FoundDatabase,
  ServerProcess,
  withSession,
} from "@standby/local-cloud/testing";
import type { RowDataPacket } from "mysql2/promise";

const settings = { readOnly: false, requireSecureTransport: false };
const orderSeconds = 30;

/** A database server of its own on a loopback address, with a certificate that names its endpoint. */
export class DatabaseServer {
  readonly address: string;
  readonly #folder: string;
  readonly #process: ServerProcess;

  private constructor(address: string, folder: string, process: ServerProcess) {
    this.address = address;
    this.#folder = folder;
    this.#process = process;
  }

  static async start(
    { dialect, program }: FoundDatabase,
    authority: CertificateAuthority,
    endpoint: string,
  ): Promise<DatabaseServer> {
    const folder = await mkdtemp(join(tmpdir(), "db-"));
    const layout = {
      dataFolder: join(folder, "data"),
      temporaryFolder: join(folder, "temporary"),
      socketPath: join(folder, "sock"),
      address: await chooseLoopbackAddress(),
      port: databasePort,
      serverId: 1,
      caFile: authority.caFile,
      clients: "everybody" as const,
      ...(await authority.issue(endpoint)),
    };
    const process = new ServerProcess(program, dialect, layout);
    const started = new DatabaseServer(layout.address, folder, process);
    try {
      await mkdir(layout.temporaryFolder);
      const signal = AbortSignal.timeout(2 * orderSeconds * 1_000);
      const once = { cacheFolder: cacheFolder(), dialect, program, signal, onProgress: () => {} };
      await copyTemplate(await dataTemplate(once), layout.dataFolder);
      await process.ensureRunning(settings, signal);
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  /** Runs statements as the server's administrator by its local socket; the last one's rows. */
  admin(...statements: readonly string[]): Promise<readonly RowDataPacket[]> {
    const signal = AbortSignal.timeout(orderSeconds * 1_000);
    return withSession(this.#process.administrator, signal, async (session) => {
      let rows: readonly RowDataPacket[] = [];
      for (const statement of statements) rows = await session.query(statement);
      return rows;
    });
  }

  /** A user whose password is stored as the server stores it by itself; one of the same name goes first. */
  async createUser(name: string, password: string, requirement = "REQUIRE SSL"): Promise<void> {
    await this.admin(
      `DROP USER IF EXISTS ${name}@'%'`,
      `CREATE USER ${name}@'%' IDENTIFIED BY '${password}' ${requirement}`,
      `GRANT ALL ON orders.* TO ${name}@'%'`,
    );
  }

  /** Ends the connections of the applications' user. */
  async killConnections(): Promise<void> {
    const rows = await this.admin(
      "SELECT id AS id FROM information_schema.processlist WHERE user='app'",
    );
    // One that ended by itself in between is gone as well.
    for (const row of rows) await this.admin(`KILL ${row["id"]}`).catch(() => {});
  }

  /** Stops answering, sockets stay open. Returns when every thread has stopped, which a busy machine puts off. */
  async freeze(): Promise<void> {
    this.#process.freeze();
    while (!(await this.#isStopped())) await sleep(5);
  }

  async #isStopped(): Promise<boolean> {
    const { pid } = this.#process;
    const threads = await readdir(`/proc/${pid}/task`);
    const states = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, "utf8"));
    return (await Promise.all(states)).every((state) => /\) T /.test(state));
  }

  thaw(): void {
    this.#process.recover();
  }

  /** Ends it as a lost machine does: nothing is written back and nothing said. */
  async kill(): Promise<void> {
    await this.#process.die();
  }

  /** Starts it again with its data, after `kill`; nothing to do for one that runs. */
  async revive(): Promise<void> {
    this.#process.recover();
    await this.#process.ensureRunning(settings, AbortSignal.timeout(orderSeconds * 1_000));
  }

  async stop(): Promise<void> {
    await this.#process.die();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
