import { createDatabasePool, type DatabasePoolOptions } from "../../src/index.ts";
import { TestAuthority } from "./certificates.ts";
import { FakeResolver } from "./fake-resolver.ts";
import { FakeSecrets } from "./fake-secrets.ts";
import { MariadbServer } from "./mariadb-server.ts";

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

const network = `127.${81 + (process.pid % 100)}.${Math.floor(process.pid / 100) % 250}`;

/** Two databases, a CNAME that names the first and one secret: what a deployment is to the application. */
export class TwoRegions {
  readonly secrets = new FakeSecrets();
  readonly resolver = new FakeResolver();
  readonly authority: TestAuthority;
  readonly east: MariadbServer;
  readonly west: MariadbServer;

  private constructor(authority: TestAuthority, east: MariadbServer, west: MariadbServer) {
    this.authority = authority;
    this.east = east;
    this.west = west;
  }

  static async start(): Promise<TwoRegions> {
    const authority = await TestAuthority.create();
    const [east, west] = await Promise.all([
      MariadbServer.start(`${network}.1`, await authority.issue(eastHost)),
      MariadbServer.start(`${network}.2`, await authority.issue(westHost)),
    ]);
    return new TwoRegions(authority, east, west);
  }

  /** The state before each test: both servers up and writable, the CNAME to the east, one password. */
  async reset(): Promise<void> {
    for (const server of [this.east, this.west])
      await server.admin(
        "SET GLOBAL read_only=0",
        "DROP DATABASE IF EXISTS orders",
        "CREATE DATABASE orders",
        "CREATE OR REPLACE USER app@'%' IDENTIFIED BY 'first-password' REQUIRE SSL",
        "GRANT ALL ON orders.* TO app@'%'",
        "CREATE TABLE orders.server (name VARCHAR(16))",
        `INSERT INTO orders.server VALUES ('${server === this.east ? "east" : "west"}')`,
        "CREATE TABLE orders.written (id INT PRIMARY KEY)",
      );
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
      ca: [this.authority.certificate],
      ...options,
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.east.stop(), this.west.stop()]);
  }
}
