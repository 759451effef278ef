import { connect, type Socket } from "node:net";
import { createPool, type RowDataPacket } from "mysql2/promise";
import type { SecretsEndpoint } from "../tests/support/secrets-endpoint.ts";
import { cname, eastHost, type TwoRegions, westHost } from "../tests/support/two-regions.ts";
import { loadPeer } from "./peer.ts";

/** What the benchmark asks of whatever keeps an application connected. */
export interface Database {
  query(sql: string): Promise<readonly RowDataPacket[]>;
  end(): Promise<unknown>;
}

export interface Ground {
  readonly regions: TwoRegions;
  /** Secrets Manager over HTTP, for those that make a client of their own. */
  readonly endpoint: SecretsEndpoint;
}

/** Every new connection of a peer goes where the CNAME leads then, as it does when the system resolves the name. */
const followCname =
  ({ regions }: Ground) =>
  (): Socket => {
    const west = regions.resolver.cnames.get(cname) === westHost;
    return connect(3306, (west ? regions.west : regions.east).address);
  };

const peerOptions = (ground: Ground) => ({
  host: eastHost,
  database: "orders",
  connectTimeout: 3_000,
  stream: followCname(ground),
  ssl: { ca: [ground.regions.authority] },
});

interface WrapperClient {
  connect(): Promise<void>;
  query(options: { sql: string }): Promise<[readonly RowDataPacket[], unknown]>;
  end(): Promise<unknown>;
}

type WrapperPool = Omit<WrapperClient, "connect">;

interface Wrapper {
  AwsMySQLClient: new (options: object) => WrapperClient;
  AwsMySQLPoolClient: new (options: object, pool: object) => WrapperPool;
}

/**
 * What its documentation allows for an RDS instance behind a CNAME: failover needs a cluster's topology, host monitoring and the
 * check for stale DNS need a cluster's or an instance's own name. What is left reads the secret again when a login is refused.
 */
const wrapperOptions = (ground: Ground) => ({
  ...peerOptions(ground),
  port: 3306,
  plugins: "secretsManager",
  secretId: ground.regions.secrets.arn,
  secretRegion: "us-west-2",
  secretEndpoint: ground.endpoint.url,
});

/** The AWS wrapper's pool, with the deadlines that ours has. */
export async function openWrapperPool(ground: Ground): Promise<Database> {
  // It keeps a secret for the whole process, and its pool keeps the password that it began with: a login of its own reads it anew.
  await (await openWrapper(ground)).end();
  const { AwsMySQLPoolClient } = await loadPeer<Wrapper>("aws-advanced-nodejs-wrapper/mysql");
  // Its AwsPoolConfig cannot be loaded without packages that it does not depend on: these are the defaults of that class.
  const deadlines = { wrapperConnectTimeout: 1_500, wrapperQueryTimeout: 1_000 };
  const options = { ...wrapperOptions(ground), ...deadlines };
  const pool = new AwsMySQLPoolClient(options, {
    maxConnections: 10,
    maxIdleConnections: 10,
    idleTimeoutMillis: 60_000,
    waitForConnections: true,
    queueLimit: 0,
  });
  return { query: async (sql) => (await pool.query({ sql }))[0], end: () => pool.end() };
}

/** One connection of the AWS wrapper. */
export async function openWrapper(ground: Ground): Promise<Database> {
  const { AwsMySQLClient } = await loadPeer<Wrapper>("aws-advanced-nodejs-wrapper/mysql");
  const client = new AwsMySQLClient(wrapperOptions(ground));
  await client.connect();
  return {
    query: async (sql) => (await client.query({ sql }))[0],
    end: () => client.end(),
  };
}

interface ServerlessMysql {
  query(sql: string): Promise<readonly RowDataPacket[]>;
  quit(): void;
  end(): Promise<void>;
}

/** serverless-mysql takes fixed credentials and keeps one connection. */
export async function openServerless(
  ground: Ground,
  { username = "app", password = "first-password" } = {},
): Promise<Database> {
  const { default: serverlessMysql } = await loadPeer<{
    default: (options: object) => ServerlessMysql;
  }>("serverless-mysql");
  const client = serverlessMysql({
    config: { ...peerOptions(ground), user: username, password },
  });
  return { query: (sql) => client.query(sql), end: async () => client.quit() };
}

/** A plain mysql2 pool, which follows the CNAME with every new connection and no other. */
export async function openPlain(ground: Ground): Promise<Database> {
  const pool = createPool({ ...peerOptions(ground), user: "app", password: "first-password" });
  return {
    query: async (sql) => (await pool.query<RowDataPacket[]>(sql))[0],
    end: () => pool.end(),
  };
}

export async function openOurs({ regions }: Ground): Promise<Database> {
  const pool = regions.pool({
    deadlines: { connectMillis: 1_500, acquireMillis: 2_500, queryMillis: 1_000 },
  });
  return {
    query: async (sql) => (await pool.query<RowDataPacket[]>(sql))[0],
    end: () => pool.end(),
  };
}
