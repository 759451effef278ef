import {
  DescribeDBInstancesCommand,
  PromoteReadReplicaCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { pause, withDeadline } from "./deadline.ts";
import type { Credentials } from "./orders-client.ts";

/** What a person does to a Region's databases by the RDS API, besides the program. */
export interface Databases {
  /** Returns when the database is standalone and available. */
  promote(identifier: string, backupRetentionDays: number): Promise<void>;
  /** The parameters that its group asks for have reached the server: RDS answers before. */
  untilInSync(identifier: string): Promise<void>;
  close(): void;
}

export interface DatabasesOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
  readonly deadlineSeconds: number;
}

export function createDatabases(options: DatabasesOptions): Databases {
  const { region, endpoint, credentials, signal, deadlineSeconds } = options;
  const client = new RDSClient({ region, endpoint, credentials });
  const describe = async (identifier: string, abortSignal: AbortSignal) => {
    const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier });
    return (await client.send(command, { abortSignal })).DBInstances?.[0];
  };
  const until = (
    what: string,
    identifier: string,
    holds: (database: NonNullable<Awaited<ReturnType<typeof describe>>>) => boolean,
  ) =>
    withDeadline(what, deadlineSeconds, signal, async (both) => {
      for (;;) {
        const database = await describe(identifier, both);
        if (database && holds(database)) return;
        await pause(100, both);
        both.throwIfAborted();
      }
    });
  return {
    async promote(identifier, backupRetentionDays) {
      await client.send(
        new PromoteReadReplicaCommand({
          DBInstanceIdentifier: identifier,
          BackupRetentionPeriod: backupRetentionDays,
        }),
        { abortSignal: signal },
      );
      await until(
        `the promotion of ${identifier}`,
        identifier,
        (database) =>
          database.DBInstanceStatus === "available" &&
          database.ReadReplicaSourceDBInstanceIdentifier === undefined,
      );
    },
    untilInSync: (identifier) =>
      until(`the fence of ${identifier}`, identifier, ({ DBParameterGroups: groups }) =>
        (groups ?? []).every(({ ParameterApplyStatus: status }) => status === "in-sync"),
      ),
    close: () => client.destroy(),
  };
}
