import { recordType } from "../engine-state.ts";
import { finding } from "../findings.ts";
import { isSwitched } from "../steps/publish-name.ts";
import { type Check, fail, pass, skip, whenSeen } from "./check.ts";

const target: Check = {
  id: "record-target",
  title: "the CNAME names the database that takes writes",
  decisive: false,
  judge({ observation: { deployment, record }, picture: { named, writers, unseenRegions } }) {
    return whenSeen(record, ({ target }) => {
      if (!named)
        return unseenRegions.length > 0
          ? skip(`${target} was not seen`)
          : fail(finding("record-names-nobody", deployment, { target }));
      const [writer] = writers;
      if (named.writable !== false) return pass(`${named.identifier} in ${named.region}`);
      return writer
        ? fail(
            finding("record-behind", deployment, {
              target: `${named.identifier} in ${named.region}`,
              writer: `${writer.identifier} in ${writer.region}`,
            }),
          )
        : skip("no database was seen to take writes");
    });
  },
};

/** The same question as the record itself: that it was answered is the proof. */
const controlPlane: Check = {
  id: "record-movable",
  title: "Route 53's control plane answers",
  decisive: false,
  judge: ({ observation: { deployment, record } }) =>
    isSwitched(deployment)
      ? pass("not needed: a metric of the recovery Region moves the name")
      : record.seen || record.problem.kind === "skipped"
        ? pass("it showed the zone")
        : fail(finding("record-unseen", deployment, { why: record.problem.message })),
};

const ttl: Check = {
  id: "record-ttl",
  title: "the record's TTL is the configured one",
  decisive: false,
  judge: ({ observation: { deployment, record } }) =>
    whenSeen(record, ({ ttlSeconds }) =>
      ttlSeconds <= deployment.recordTtlSeconds
        ? pass(`${ttlSeconds} s`)
        : fail(finding("record-ttl", deployment, { ttlSeconds })),
    ),
};

const owner: Check = {
  id: "record-owner",
  title: "the recovery stack owns the record",
  decisive: true,
  judge: ({ observation: { deployment }, surroundings: { states } }) =>
    whenSeen(states.recovery, (state) => {
      if ("lockedBy" in state) return skip(`the stack is locked by ${state.lockedBy}`);
      return state.resources.some(({ type }) => type === recordType)
        ? pass(deployment.recoveryStack)
        : fail(finding("record-owner", deployment, {}));
    }),
};

const zone: Check = {
  id: "zone-association",
  title: "the recovery Region's network resolves the zone",
  decisive: true,
  judge: ({ observation: { deployment }, surroundings: { zoneVpcs } }) =>
    whenSeen(zoneVpcs, (vpcs) => {
      const { region, vpcId } = deployment.recovery;
      return vpcs.some((each) => each.vpcId === vpcId && each.region === region)
        ? pass(vpcId)
        : fail(finding("zone-not-associated", deployment, { region, vpcId }));
    }),
};

export const recordChecks: readonly Check[] = [target, controlPlane, ttl, owner, zone];
