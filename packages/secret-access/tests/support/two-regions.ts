import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createCertificateAuthority,
  databasesUnderTest,
  type FoundDatabase,
} from "@standby/local-cloud/testing";
import { createDatabasePool, type DatabasePoolOptions } from "../../src/index.ts";
import { DatabaseServer } from "./database-server.ts";
import { FakeResolver } from "./fake-resolver.ts";
import { FakeSecrets } from "./fake-secrets.ts";

export const cname = "db.orders.internal";
export const eastHost = "orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com";
export const westHost = "orders-prod-1.d4e5f6.us-west-2.rds.amazonaws.com";
export const allowedHosts = [
  "orders-prod-*.c1a2b3.us-east-1.rds.amazonaws.com",
  "orders-prod-*.d4e5f6.us-west-2.rds.amazonaws.com",
];
export const secretValue = (password: string, username = "app") => ({
  engine: "mysql",
  host: cname,
  port: 3306,
  username,
  password,
  dbname: "orders",
});

/** Two databases, a CNAME that names the first and one secret: what a deployment is to the application. */
export class TwoRegions {
  readonly secrets = new FakeSecrets();
  readonly resolver = new FakeResolver();
  readonly database: FoundDatabase;
  /** The certificate of the authority of both servers, PEM. */
  readonly authority: string;
  readonly east: DatabaseServer;
  readonly west: DatabaseServer;
  readonly #folder: string;

  private constructor(
    database: FoundDatabase,
    folder: string,
    authority: string,
    [east, west]: readonly [DatabaseServer, DatabaseServer],
  ) {
    this.database = database;
    this.authority = authority;
    this.east = east;
    this.west = west;
    this.#folder = folder;
  }

  /** Both on servers of the first kind under test. */
  static async start(): Promise<TwoRegions> {
    const [database] = await databasesUnderTest();
    if (!database) throw new Error("there is no database server to test");
    const folder = await mkdtemp(join(tmpdir(), "secret-access-"));
    const authority = await createCertificateAuthority({ folder });
    const servers = await Promise.all([
      DatabaseServer.start(database, authority, eastHost),
      DatabaseServer.start(database, authority, westHost),
    ]).catch(async (error: unknown) => {
      await rm(folder, { recursive: true });
      throw error;
    });
    return new TwoRegions(database, folder, await readFile(authority.caFile, "utf8"), servers);
  }

  /** The state before each test: both servers up and writable, the CNAME to the east, one password. */
  async reset(): Promise<void> {
    for (const server of [this.east, this.west]) {
      await server.revive();
      await server.admin(
        "SET GLOBAL read_only=0",
        "DROP DATABASE IF EXISTS orders",
        "CREATE DATABASE orders",
        "CREATE TABLE orders.server (name VARCHAR(16))",
        `INSERT INTO orders.server VALUES ('${server === this.east ? "east" : "west"}')`,
        "CREATE TABLE orders.written (id INT PRIMARY KEY)",
      );
      await server.createUser("app", "first-password");
    }
    this.resolver.failure = undefined;
    this.resolver.addresses.set(eastHost, [this.east.address]);
    this.resolver.addresses.set(westHost, [this.west.address]);
    this.point(eastHost);
    this.secrets.versions = [];
    this.secrets.calls.length = 0;
    this.secrets.answer = undefined;
    this.secrets.put("v1", ["AWSCURRENT"], secretValue("first-password"));
  }

  point(host: string): void {
    this.resolver.cnames.set(cname, host);
  }

  pool(options: DatabasePoolOptions = {}) {
    return createDatabasePool({
      secretId: this.secrets.arn,
      region: "us-west-2",
      allowedHosts,
      client: this.secrets.client,
      resolver: this.resolver,
      ca: [this.authority],
      ...options,
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.east.stop(), this.west.stop()]);
    await rm(this.#folder, { recursive: true });
  }
}
