import { connectionOrigin } from "@standby/secret-access";
import type { Pool } from "mysql2/promise";
import { databaseRole } from "../schema.ts";
import type { HttpReply } from "./http-event.ts";

/** `GET /health`: which secret and which database this Region uses at this moment, found by using them. */
export async function health(pool: Pool, region: string): Promise<HttpReply> {
  const connection = await pool.getConnection();
  try {
    const { host, target, secretArn, secretVersionId } = connectionOrigin(connection);
    const role = await databaseRole(connection);
    return {
      status: 200,
      body: {
        region,
        secret: { arn: secretArn, versionId: secretVersionId },
        database: { host, target, role },
      },
    };
  } finally {
    connection.release();
  }
}
