import {
  connectionOrigin,
  createDatabasePool,
  DatabaseAccessDeniedError,
  DatabaseIdentityError,
  type HostResolver,
  type SecretsClient,
} from "@standby/secret-access";
import type { DatabaseSecret } from "@standby/topology";
import type { RowDataPacket } from "mysql2/promise";
import { RotationRefusedError, StatementFailedError } from "./errors.ts";
import type { Place } from "./place.ts";

type Row = Readonly<Record<string, unknown>>;

/** A login to the database that the CNAME names. */
export interface Session extends Disposable {
  /** The database's own name. */
  readonly target: string;
  /**
   * @param purpose For the error, in place of the statement: that one may hold a password.
   * @throws StatementFailedError
   */
  query(purpose: string, sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface Login {
  /**
   * Logs in with these credentials and no others. Undefined when the server refuses them.
   *
   * @throws RotationRefusedError when the CNAME leads to no database of this Region; AccessError when no server is reached.
   */
  open(value: DatabaseSecret): Promise<Session | undefined>;
}

const deadlines = { connectMillis: 3_000, acquireMillis: 6_000, queryMillis: 8_000 };

/** The pool of the application, so that name, address and certificate are judged as the application judges them. */
export const createLogin = (
  { region, ownHosts }: Place,
  options: { readonly resolver?: HostResolver; readonly ca?: readonly string[] } = {},
): Login => ({
  async open(value) {
    const pool = createDatabasePool({
      secretId: "given",
      region,
      allowedHosts: ownHosts,
      connectionLimit: 1,
      deadlines,
      client: clientOf(value),
      ...options,
    });
    const end = () => void pool.end().catch(() => {});
    try {
      const connection = await pool.getConnection();
      return {
        target: connectionOrigin(connection).target,
        async query(purpose, sql, values = []) {
          const answered = await connection
            .query<RowDataPacket[]>(sql, [...values])
            .catch((error: unknown) => {
              throw withoutStatement(purpose, error);
            });
          return Array.isArray(answered[0]) ? answered[0] : [];
        },
        [Symbol.dispose]() {
          connection.destroy();
          end();
        },
      };
    } catch (error) {
      end();
      if (error instanceof DatabaseAccessDeniedError) return undefined;
      if (error instanceof DatabaseIdentityError)
        throw new RotationRefusedError(
          "not-this-region",
          `${error.message}. A rotation belongs to the Region whose database takes the writes: nothing was changed from ${region}`,
        );
      throw error;
    }
  },
});

/** Secrets Manager as the pool knows it, with one version of a secret and no other. */
function clientOf(value: DatabaseSecret): SecretsClient {
  const send = async ({ input }: { readonly input: object }) => {
    const { VersionStage } = input as { readonly VersionStage?: string };
    if (VersionStage !== "AWSCURRENT")
      throw Object.assign(new Error("no such version"), { name: "ResourceNotFoundException" });
    return {
      ARN: "given",
      VersionId: "given",
      VersionStages: ["AWSCURRENT"],
      SecretString: JSON.stringify(value),
    };
  };
  return { send: send as unknown as SecretsClient["send"], destroy: () => {} };
}

/** mysql2 keeps the statement in its error, and Lambda logs every field of an error. */
function withoutStatement(purpose: string, error: unknown): Error {
  const { errno, code } = error as { readonly errno?: unknown; readonly code?: unknown };
  return new StatementFailedError(purpose, Number(errno) || 0, String(code ?? "no answer"));
}
