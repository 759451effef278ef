import { Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { functionAddress, type LocalCloud } from "@standby/local-cloud";
import mysql from "mysql2/promise";
import { rdsByHand } from "./rds-by-hand.ts";

const hostName = "db.orders.internal";

/** The databases as an application's own connection meets them, which comes from within a VPC. */
export class OrdersByHand {
  readonly #cloud: LocalCloud;
  readonly #resolver = new Resolver({ timeout: 2_000, tries: 1 });
  #credentials: { readonly username: string; readonly password: string } | undefined;

  constructor(cloud: LocalCloud) {
    this.#cloud = cloud;
    this.#resolver.setServers([`${cloud.dnsServer.address}:${cloud.dnsServer.port}`]);
  }

  /** Writes behind the CNAME, or to the database that is named. Rejects with the server's error number in `errno`. */
  async write(text: string, identifier?: string, region?: string): Promise<void> {
    await this.#ask(await this.#host(identifier, region), async (connection) => {
      await connection.query("CREATE TABLE IF NOT EXISTS written (text VARCHAR(64) PRIMARY KEY)");
      await connection.query("INSERT INTO written VALUES (?)", [text]);
    });
  }

  async written(identifier: string, region: string): Promise<readonly string[]> {
    return this.#ask(await this.#host(identifier, region), async (connection) => {
      const [rows] = await connection.query<mysql.RowDataPacket[]>(
        "SELECT text FROM written ORDER BY text",
      );
      return rows.map((row) => String(row["text"]));
    });
  }

  async #host(identifier?: string, region = ""): Promise<string> {
    if (identifier === undefined) {
      const [target = ""] = await this.#resolver.resolveCname(hostName);
      return target;
    }
    const text = await rdsByHand(this.#cloud, region, "DescribeDBInstances", {
      DBInstanceIdentifier: identifier,
    });
    return /<Address>([^<]*)</.exec(text)?.[1] ?? "";
  }

  async #ask<Answer>(
    endpoint: string,
    work: (connection: mysql.Connection) => Promise<Answer>,
  ): Promise<Answer> {
    const [host] = await this.#resolver.resolve4(endpoint);
    const { username: user, password } = await this.#login();
    const connection = await mysql.createConnection({
      stream: () => connect({ host: host ?? "", port: 3306, localAddress: functionAddress }),
      user,
      password,
      database: "orders",
      connectTimeout: 5_000,
      ssl: { ca: await readFile(join(this.#cloud.folder, "certificates", "ca.pem"), "utf8") },
    });
    try {
      return await work(connection);
    } finally {
      connection.destroy();
    }
  }

  async #login() {
    this.#credentials ??= await currentCredentials(this.#cloud);
    return this.#credentials;
  }
}

/** Of the recovery Region's copy, which is there through every act. */
async function currentCredentials({ endpoint, environment }: LocalCloud) {
  const client = new SecretsManagerClient({
    region: "us-west-2",
    endpoint,
    credentials: {
      accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
  });
  const { SecretString = "" } = await client.send(
    new GetSecretValueCommand({ SecretId: "orders-prod/database" }),
  );
  client.destroy();
  return JSON.parse(SecretString) as { username: string; password: string };
}

/** The group's parameters have reached the server. RDS answers before. */
export async function untilInSync(
  cloud: LocalCloud,
  region: string,
  identifier: string,
): Promise<void> {
  const deadline = AbortSignal.timeout(30_000);
  for (;;) {
    const text = await rdsByHand(cloud, region, "DescribeDBInstances", {
      DBInstanceIdentifier: identifier,
    });
    if (text.includes("<ParameterApplyStatus>in-sync<")) return;
    await delay(100, undefined, { signal: deadline });
  }
}
