import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import type { KeyPair } from "./certificates.ts";

const run = promisify(execFile);
const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];

/** A MariaDB server of its own on a loopback address, with TLS. */
export class MariadbServer {
  readonly address: string;
  readonly port: number;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(address: string, port: number, folder: string, server: ChildProcess) {
    this.address = address;
    this.port = port;
    this.#folder = folder;
    this.#process = server;
  }

  static async start(address: string, tls: KeyPair, port = 3306): Promise<MariadbServer> {
    const folder = await mkdtemp(join(tmpdir(), "secret-access-test-"));
    const data = join(folder, "data");
    const [certificate, key] = [join(folder, "server.pem"), join(folder, "server.key")];
    await writeFile(certificate, tls.certificate);
    await writeFile(key, tls.key, { mode: 0o600 });
    // A server that starts removes the temporary tables of every other one in a shared folder.
    const temporary = `--tmpdir=${folder}`;
    await run("mariadb-install-db", [
      "--no-defaults",
      ...asRoot,
      temporary,
      `--datadir=${data}`,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
    ]).catch(async (error: unknown) => {
      await rm(folder, { recursive: true });
      throw error;
    });
    const server = spawn(
      "/usr/sbin/mariadbd",
      [
        "--no-defaults",
        ...asRoot,
        temporary,
        `--datadir=${data}`,
        `--bind-address=${address}`,
        `--port=${port}`,
        `--socket=${join(folder, "socket")}`,
        `--ssl-cert=${certificate}`,
        `--ssl-key=${key}`,
        "--innodb-buffer-pool-size=16M",
        "--skip-log-bin",
        "--skip-name-resolve",
      ],
      { stdio: "ignore" },
    );
    const started = new MariadbServer(address, port, folder, server);
    try {
      await started.#listening();
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  async #listening(): Promise<void> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const socket = connect(this.port, this.address);
      const greeted = await once(socket, "data").then(
        () => true,
        () => false,
      );
      socket.destroy();
      if (greeted) return;
      if (this.#process.exitCode !== null || Date.now() > deadline)
        throw new Error(`mariadbd on ${this.address} did not start`);
      await sleep(50);
    }
  }

  /** Runs statements as the server's root by its local socket. */
  async admin(...statements: readonly string[]): Promise<RowDataPacket[]> {
    const connection: Connection = await createConnection({
      socketPath: join(this.#folder, "socket"),
      user: "root",
    });
    try {
      let rows: RowDataPacket[] = [];
      for (const statement of statements)
        [rows] = (await connection.query<RowDataPacket[]>(statement)) as [RowDataPacket[], unknown];
      return rows;
    } finally {
      connection.destroy();
    }
  }

  /** Stops answering, sockets stay open. Returns when every thread has stopped, which a busy machine puts off. */
  async freeze(): Promise<void> {
    this.#process.kill("SIGSTOP");
    while (!(await this.#isStopped())) await sleep(5);
  }

  async #isStopped(): Promise<boolean> {
    const { pid } = this.#process;
    const threads = await readdir(`/proc/${pid}/task`);
    const states = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, "utf8"));
    return (await Promise.all(states)).every((state) => /\) T /.test(state));
  }

  thaw(): void {
    this.#process.kill("SIGCONT");
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exit = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await exit;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
