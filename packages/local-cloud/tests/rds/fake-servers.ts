import type {
  DatabaseParameters,
  DatabaseServer,
  DatabaseServers,
  NewDatabase,
  ReplicationState,
} from "../../src/data-planes.ts";

/** A server in memory that records what was asked of it. */
export class FakeServer implements DatabaseServer {
  readonly region: string;
  readonly endpoint: string;
  readonly address: string;
  readonly port = 3306;
  readonly events: string[] = [];
  parameters: DatabaseParameters;
  state: ReplicationState;
  /** A promotion waits for it. */
  restart: Promise<void> = Promise.resolve();

  constructor(database: NewDatabase, address: string, isReplica: boolean) {
    this.region = database.region;
    this.endpoint = database.endpoint;
    this.parameters = database.parameters;
    this.address = address;
    this.state = { configured: isReplica, running: isReplica, lagSeconds: isReplica ? 0 : null };
  }

  connections(): Promise<number> {
    return Promise.resolve(3);
  }

  replication(): Promise<ReplicationState> {
    return Promise.resolve(this.state);
  }

  async promote(): Promise<void> {
    await this.restart;
    this.events.push("promote");
    this.state = { configured: false, running: false, lagSeconds: null };
  }

  applyParameters(parameters: DatabaseParameters): Promise<void> {
    this.events.push("parameters");
    this.parameters = parameters;
    return Promise.resolve();
  }

  setMasterPassword(username: string): Promise<void> {
    this.events.push(`password of ${username}`);
    return Promise.resolve();
  }

  remove(): Promise<void> {
    this.events.push("remove");
    return Promise.resolve();
  }
}

export class FakeServers implements DatabaseServers {
  readonly version = "Fake 1.0";
  readonly started: FakeServer[] = [];

  create(database: NewDatabase): Promise<FakeServer> {
    return Promise.resolve(this.#start(database, false));
  }

  createReplica(database: NewDatabase): Promise<FakeServer> {
    return Promise.resolve(this.#start(database, true));
  }

  followOutage(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  in(region: string): FakeServer {
    const server = this.started.find((each) => each.region === region);
    if (!server) throw new Error(`No server was started in ${region}`);
    return server;
  }

  #start(database: NewDatabase, isReplica: boolean): FakeServer {
    const server = new FakeServer(database, `127.1.0.${this.started.length + 1}`, isReplica);
    this.started.push(server);
    return server;
  }
}
