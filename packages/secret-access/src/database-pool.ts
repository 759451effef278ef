import { createPool, type Pool, type PoolConnection } from "mysql2/promise";
import { databaseAuthorities } from "./certificate-authorities.ts";
import { CredentialsOrder } from "./credentials-order.ts";
import { DatabaseHost, type HostResolver } from "./database-host.ts";
import { lineOf } from "./database-line.ts";
import { decodeDatabaseSecret } from "./database-secret-value.ts";
import type { DriverPool } from "./mysql2-internals.ts";
import { PoolCheckout } from "./pool-checkout.ts";
import { poolPlace } from "./pool-environment.ts";
import { SecretReader } from "./secret-reader.ts";
import type { SecretsClient } from "./secrets-manager-client.ts";

/** All of it has a default that is right in a function of this deployment. */
export interface DatabasePoolOptions {
  /** Name or ARN of this Region's copy of the secret. Default: SECRET_NAME. */
  readonly secretId?: string;
  /** Default: REGION_NAME. */
  readonly region?: string;
  /** Hosts that the CNAME may lead to, see `databaseHostPattern`. Default: DATABASE_HOSTS. */
  readonly allowedHosts?: readonly string[];
  /** Default 10. */
  readonly connectionLimit?: number;
  readonly deadlines?: {
    /** One login: secret, DNS, TCP, TLS and greeting. Default 3,000. */
    readonly connectMillis?: number;
    /** From asking the pool to having a connection. Default 5,000. */
    readonly acquireMillis?: number;
    /** The answer to one statement. Default 5,000. */
    readonly queryMillis?: number;
  };
  /** Secrets Manager of this Region. Default: a client with timeouts that fire. */
  readonly client?: SecretsClient;
  /** Default: the resolver of the process (`node:dns`). */
  readonly resolver?: HostResolver;
  /** PEM certificates of the authorities to trust. Default: those of RDS and of NODE_EXTRA_CA_CERTS. */
  readonly ca?: readonly string[];
}

/**
 * A mysql2 promise pool that finds its server by the CNAME in this Region's copy of the secret, and goes on by itself after a
 * rotation, a moved CNAME or a lost server. With no options it reads SECRET_NAME, REGION_NAME and DATABASE_HOSTS.
 *
 * @throws ConfigurationError at once; AccessError from whatever takes a connection; errors of statements are mysql2's own,
 * besides QueryDeadlineError.
 */
export function createDatabasePool(options: DatabasePoolOptions = {}): Pool {
  const place = poolPlace(options, process.env);
  const {
    acquireMillis = 5_000,
    queryMillis = 5_000,
    connectMillis = 3_000,
  } = options.deadlines ?? {};
  const reader = new SecretReader({
    secretId: place.secretId,
    region: place.region,
    decode: decodeDatabaseSecret,
    ...(options.client ? { client: options.client } : {}),
  });
  const host = new DatabaseHost({
    allowedHosts: place.allowedHosts,
    ...(options.resolver ? { resolver: options.resolver } : {}),
  });
  const checkout = new PoolCheckout(
    { order: new CredentialsOrder(reader), host },
    { acquireMillis, queryMillis, idleCheckMillis: 5_000, idleCheckDeadlineMillis: 1_000 },
  );
  const pool = createPool({
    stream: checkout.openSocket,
    connectTimeout: connectMillis,
    connectionLimit: options.connectionLimit ?? 10,
    ssl: { ca: [...(options.ca ?? databaseAuthorities())], verifyIdentity: true },
  });
  const core = pool.pool as unknown as DriverPool;
  checkout.attach(core);
  const end = core.end.bind(core);
  core.end = (callback) => {
    reader.close();
    end(callback);
  };
  return pool;
}

/** Which server a connection is logged in to, and by which version of the secret. */
export interface ConnectionOrigin {
  /** The CNAME. */
  readonly host: string;
  /** The database's own name, verified by its certificate. */
  readonly target: string;
  readonly secretArn: string;
  readonly secretVersionId: string;
}

/**
 * What a log line or a health check says about the database in use.
 *
 * @throws TypeError for a connection that is not of a pool of `createDatabasePool`.
 */
export function connectionOrigin(connection: PoolConnection): ConnectionOrigin {
  const line = lineOf(connection.connection.config);
  if (!line?.target || !line.credentials)
    throw new TypeError("the connection is not of a pool that createDatabasePool made");
  return {
    host: line.target.host,
    target: line.target.target,
    secretArn: line.credentials.arn,
    secretVersionId: line.credentials.versionId,
  };
}
