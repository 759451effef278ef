import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CertificateAuthority } from "./certificates.ts";
import type { DatabaseServer, DatabaseServers, NewDatabase } from "./data-planes.ts";
import type { FoundDatabase } from "./database-choice.ts";
import type { ReplicationSource } from "./database-dialect.ts";
import { copyTemplate, dataTemplate } from "./database-servers/data-template.ts";
import { chooseLoopbackAddress, databasePort } from "./database-servers/loopback-address.ts";
import { settingsOf } from "./database-servers/parameters.ts";
import { RegionalServer } from "./database-servers/regional-server.ts";
import { replicationUserName } from "./database-servers/route.ts";
import { ServerProcess } from "./database-servers/server-process.ts";
import { DatabaseServerError } from "./database-servers/session.ts";

export { InvalidParameterError } from "./database-servers/parameters.ts";

export interface DatabaseServersOptions {
  /** For the data of the servers, gone when they are closed. */
  readonly folder: string;
  readonly certificates: CertificateAuthority;
  readonly database: FoundDatabase;
  /** For what is made once on a machine and used by every local cloud. */
  readonly cacheFolder: string;
  readonly onProgress?: (line: string) => void;
  /** Aborting stops the start and the wait for a replica to catch up. */
  readonly signal?: AbortSignal;
}

interface Foundation {
  readonly template: string;
  /** Short: a socket's path ends at 107 characters. */
  readonly socketFolder: string;
}

type LossMode = Exclude<Parameters<DatabaseServers["followOutage"]>[1], undefined>;

const longestSocketPath = 100;

/** Real database servers, one process for each database. */
export const startDatabaseServers = async (
  options: DatabaseServersOptions,
): Promise<DatabaseServers> => {
  const signal = options.signal ?? new AbortController().signal;
  const { cacheFolder, onProgress = () => {}, folder, database } = options;
  const template = await dataTemplate({ ...database, cacheFolder, onProgress, signal });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const socketFolder =
    join(folder, "999.sock").length <= longestSocketPath
      ? folder
      : await mkdtemp(join(tmpdir(), "standby-sockets-"));
  return new LocalDatabaseServers({ ...options, signal }, { template, socketFolder });
};

class LocalDatabaseServers implements DatabaseServers {
  readonly #options: DatabaseServersOptions & { readonly signal: AbortSignal };
  readonly #foundation: Foundation;
  readonly #servers = new Set<RegionalServer>();
  readonly #losses = new Map<string, LossMode>();
  readonly #replicationUser = {
    username: replicationUserName,
    password: randomBytes(24).toString("base64url"),
  };
  readonly #making = new Set<Promise<RegionalServer>>();
  #lastServerId = 0;
  #closed = false;

  constructor(
    options: DatabaseServersOptions & { readonly signal: AbortSignal },
    foundation: Foundation,
  ) {
    this.#options = options;
    this.#foundation = foundation;
  }

  get version(): string {
    return this.#options.database.program.version;
  }

  async create(database: Parameters<DatabaseServers["create"]>[0]): Promise<DatabaseServer> {
    const { masterUsername: username, masterPassword: password, databaseName } = database;
    const server = await this.#make(database);
    return await this.#orRemove(server, () =>
      server.initialise(this.#replicationUser, { username, password }, databaseName),
    );
  }

  async createReplica(
    database: NewDatabase & { readonly source: DatabaseServer },
  ): Promise<DatabaseServer> {
    const from = [...this.#servers].find((server) => server === database.source);
    if (!from)
      throw new DatabaseServerError("The source of the replica is no database of this cloud.");
    const position = await from.position();
    const source: ReplicationSource = {
      ...this.#replicationUser,
      address: from.address,
      port: from.port,
      caFile: this.#options.certificates.caFile,
    };
    const server = await this.#make(database, source);
    return await this.#orRemove(server, () =>
      server.follow(source, position, this.#options.signal),
    );
  }

  async followOutage(region: string, mode: LossMode | undefined): Promise<void> {
    if (mode === undefined) this.#losses.delete(region);
    else this.#losses.set(region, mode);
    const affected = [...this.#servers].filter((server) => server.region === region);
    await Promise.all(affected.map((server) => follow(server, mode)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#making);
    await Promise.all([...this.#servers].map((server) => server.remove()));
    const { socketFolder } = this.#foundation;
    await rm(this.#options.folder, { recursive: true, force: true });
    await rm(socketFolder, { recursive: true, force: true });
  }

  #make(database: NewDatabase, source?: ReplicationSource): Promise<RegionalServer> {
    const server = this.#newServer(database, source);
    this.#making.add(server);
    const done = () => this.#making.delete(server);
    server.then(done, done);
    return server;
  }

  async #newServer(database: NewDatabase, source?: ReplicationSource): Promise<RegionalServer> {
    // Refused before anything is made.
    settingsOf(database.parameters, source !== undefined);
    this.#refuseWhenGone(database.region);
    this.#lastServerId += 1;
    const serverId = this.#lastServerId;
    const folder = join(this.#options.folder, String(serverId));
    const { dialect, program } = this.#options.database;
    const layout = {
      dataFolder: join(folder, "data"),
      temporaryFolder: join(folder, "temporary"),
      socketPath: join(this.#foundation.socketFolder, `${serverId}.sock`),
      address: await chooseLoopbackAddress(),
      port: databasePort,
      serverId,
      caFile: this.#options.certificates.caFile,
      clients: "functions" as const,
      ...(await this.#options.certificates.issue(database.endpoint)),
    };
    await mkdir(layout.temporaryFolder, { recursive: true, mode: 0o700 });
    await copyTemplate(this.#foundation.template, layout.dataFolder);
    // A loss or the end may have come meanwhile; from here on the server hears of it by itself.
    this.#refuseWhenGone(database.region);
    const server: RegionalServer = new RegionalServer({
      ...database,
      ...(source && { source }),
      dialect,
      folder,
      layout,
      process: new ServerProcess(program, dialect, layout),
      onRemoved: () => this.#servers.delete(server),
    });
    this.#servers.add(server);
    return server;
  }

  #refuseWhenGone(region: string): void {
    this.#options.signal.throwIfAborted();
    if (this.#closed) throw new DatabaseServerError("The local cloud was closed.");
    if (this.#losses.has(region))
      throw new DatabaseServerError(`${region} is lost: no database can be made there.`);
  }

  /** A server that did not come to life leaves nothing behind. */
  async #orRemove(server: RegionalServer, work: () => Promise<void>): Promise<RegionalServer> {
    try {
      await work();
      return server;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }
}

const follow = async (server: RegionalServer, mode: LossMode | undefined): Promise<void> => {
  if (mode === undefined) await server.recover();
  else if (mode === "hang") server.freeze();
  else await server.die();
};
