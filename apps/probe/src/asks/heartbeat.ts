import { randomUUID } from "node:crypto";
import { type HeartbeatAnswer, parseRdsEndpoint, type ReplicationRecord } from "@standby/topology";
import { type Database, type Surroundings, withDatabase } from "../database.ts";
import { NotAllowedError } from "../failures.ts";
import { writeRow } from "../probe-tables.ts";
import { keepReplicationRecord } from "../replication-record.ts";

/** The scheduled one: a row where the Region's database takes writes, a record of the lag where it replicates. */
export const beat = (around: Surroundings): Promise<HeartbeatAnswer> => {
  const { databaseAddress, recoveryBucket, region } = around.place;
  if (databaseAddress === undefined)
    throw new NotAllowedError("this probe was told no database for its heartbeat: pulumi up does");
  return withDatabase(databaseAddress, around, async (database) => {
    const { readOnly } = await database.dialect.state(database.query);
    if (!readOnly) await writeRow(database, "heartbeat", { region, mark: randomUUID() });
    const record = recoveryBucket === undefined ? undefined : await recordOf(database);
    if (record && recoveryBucket !== undefined)
      await keepReplicationRecord(record, { region, bucket: recoveryBucket, ...around });
    return { wrote: !readOnly, recorded: record !== undefined };
  });
};

/**
 * What is worth keeping: nothing while the source does not answer. Then the last record is all that is known of the lag, and its age
 * says how old that is; a replica that does receive and cannot apply has no lag that anybody knows, at once.
 */
async function recordOf({
  address,
  dialect,
  query,
}: Database): Promise<ReplicationRecord | undefined> {
  const replication = await dialect.replication(query);
  if (replication?.applying && !replication.receiving) return undefined;
  return {
    schema: "standby.replication/1",
    at: new Date().toISOString(),
    identifier: parseRdsEndpoint(address)?.identifier ?? address,
    mode: replication ? "replica" : "standalone",
    lagSeconds: replication?.lagSeconds ?? null,
  };
}
