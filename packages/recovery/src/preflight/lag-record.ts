import { type ReplicationRecord, replicationRecordKey } from "@standby/topology";
import { finding } from "../findings.ts";
import type { ObjectStore } from "../recovery-bucket.ts";
import { NothingToSee } from "../seen.ts";
import { type Check, fail, pass, skip, whenSeen } from "./check.ts";
import { withReplica } from "./placed-databases.ts";

/** The record that the recovery Region's probe keeps for the program; undefined while there is none. */
export async function readLagRecord(
  store: ObjectStore | undefined,
  signal: AbortSignal,
): Promise<ReplicationRecord | undefined> {
  if (!store) throw new NothingToSee("the recovery stack has no bucket yet");
  const object = await store.read(replicationRecordKey, signal);
  return object && (JSON.parse(object.text) as ReplicationRecord);
}

/** What the bare flag goes by: the program has no client, and promotes unasked only on a record that is there, recent and small. */
export const lagRecorded: Check = {
  id: "lag-recorded",
  title: "the bare flag would find a recent record of the lag",
  decisive: false,
  judge: (facts) =>
    withReplica(facts, ({ identifier, region, mode }) =>
      whenSeen(facts.surroundings.lagRecord, (record) => {
        if (mode !== "replica") return skip(`${identifier} is no replica`);
        const { deployment } = facts.observation;
        const { maximumAgeSeconds } = deployment.recoveryPoint;
        const stale = (why: string) =>
          fail(finding("lag-record-stale", deployment, { identifier, region, why }));
        if (record?.identifier !== identifier) return stale("there is none");
        const ageSeconds = Math.round(
          (facts.surroundings.at.getTime() - Date.parse(record.at)) / 1000,
        );
        if (record.lagSeconds === null) return stale("it says that the lag is not known");
        return ageSeconds > maximumAgeSeconds
          ? stale(`it is ${ageSeconds} s old, and believed for ${maximumAgeSeconds} s`)
          : pass(`${record.lagSeconds} s, ${ageSeconds} s ago`);
      }),
    ),
};
