import { stoppedBecause } from "../assess-databases.ts";
import { finding } from "../findings.ts";
import { type Check, fail, pass, skip, whenSeen } from "./check.ts";
import { expectedLoss } from "./expected-loss.ts";
import { lagRecorded } from "./lag-record.ts";
import { withReplica } from "./placed-databases.ts";

const oneWriter: Check = {
  id: "one-writer",
  title: "at most one database takes writes",
  decisive: true,
  judge: ({ observation: { deployment }, picture: { writers, recordTarget } }) =>
    writers.length > 1
      ? fail(
          finding("split-brain", deployment, {
            writers: writers.map(({ identifier, region }) => `${identifier} in ${region}`),
            fence:
              writers.find(({ address }) => address !== recordTarget)?.region ??
              deployment.primaryRegion,
          }),
        )
      : pass(
          writers.map(({ identifier, region }) => `${identifier} in ${region}`).join() ||
            "none was seen",
        ),
};

const replicaExists: Check = {
  id: "replica-exists",
  title: "the recovery Region has a replica",
  decisive: true,
  judge({ observation: { deployment, regions }, picture }) {
    const { databases, region } = regions.recovery;
    return whenSeen(databases, () => {
      const current = picture.current.find((each) => each.region === region);
      if (current?.mode === "replica") return pass(current.identifier);
      if (current?.writable && picture.named === current)
        return pass(`${current.identifier} takes writes already: it was failed over to`);
      const why = current ? `${current.identifier} is no replica` : `${region} has no database`;
      return fail(finding("no-standby", deployment, { active: deployment.primaryRegion, why }));
    });
  },
};

const replicates: Check = {
  id: "replica-replicates",
  title: "the replica receives and applies",
  decisive: true,
  judge: (facts) =>
    withReplica(facts, (replica) =>
      whenSeen(replica.inside, ({ replication }) => {
        if (replica.mode !== "replica") return skip(`${replica.identifier} is no replica`);
        const why = stoppedBecause(replication);
        // A replica whose source is dark receives nothing, and has applied what it could: that is what a failover is for.
        const sourceIsDark = !facts.observation.regions.primary.reachable;
        if (why === undefined || (sourceIsDark && replication?.applying))
          return pass(why ?? `${replication?.lagSeconds} s behind`);
        return fail(finding("not-replicating", facts.observation.deployment, { ...replica, why }));
      }),
    ),
};

const lag: Check = {
  id: "replication-lag",
  title: "the replica is not further behind than the objective",
  decisive: false,
  judge: (facts) =>
    withReplica(facts, (replica) =>
      whenSeen(replica.inside, ({ replication }) => {
        const lagSeconds = replication?.lagSeconds ?? null;
        if (lagSeconds === null) return skip("the lag is not known: replication does not run");
        const { deployment } = facts.observation;
        const { maximumLagSeconds: objectiveSeconds } = deployment.recoveryPoint;
        return lagSeconds <= objectiveSeconds
          ? pass(`${lagSeconds} s of ${objectiveSeconds} s`)
          : fail(
              finding("replication-lag", deployment, { ...replica, lagSeconds, objectiveSeconds }),
            );
      }),
    ),
};

const recoveryAnswers: Check = {
  id: "recovery-region-answers",
  title: "the recovery Region answers",
  decisive: true,
  judge: ({ observation: { deployment, regions } }) =>
    regions.recovery.reachable
      ? pass(regions.recovery.region)
      : fail(
          finding("region-unreachable", deployment, {
            region: regions.recovery.region,
            active: false,
          }),
        ),
};

/** A failover takes an unknown loss only from a person who says so. */
const lossIsKnown: Check = {
  id: "loss-known",
  title: "the loss can be told",
  decisive: true,
  judge({ observation: { deployment }, picture, surroundings: { at } }) {
    const { summary, transactions, lagSeconds } = expectedLoss(picture, deployment, at);
    const active = picture.named?.writable && picture.named.region === deployment.recoveryRegion;
    if (active) return skip("it was failed over to already");
    return transactions === null && lagSeconds === null
      ? fail(finding("loss-unknown", deployment, { why: summary }))
      : pass(summary);
  },
};

/** Is there something to promote, and does it follow. */
export const replicationChecks: readonly Check[] = [
  recoveryAnswers,
  oneWriter,
  replicaExists,
  replicates,
  lag,
  lossIsKnown,
  lagRecorded,
];
