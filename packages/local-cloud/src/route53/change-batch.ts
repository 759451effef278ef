import { isDeepStrictEqual } from "node:util";
import type { Change, ResourceRecordSet } from "@aws-sdk/client-route-53";
import { AwsError } from "../service.ts";
import { routingOf, routingProblem } from "./failover-routing.ts";
import { absoluteName, type RecordSet, type RecordSets, recordKey } from "./zone.ts";

const toRecordSet = (set: ResourceRecordSet): RecordSet => ({
  name: absoluteName(set.Name ?? ""),
  type: set.Type ?? "A",
  ttlSeconds: set.TTL,
  values: (set.ResourceRecords ?? []).map((record) => record.Value ?? ""),
  routing: routingOf(set),
});

const label = ({ name, type, routing }: RecordSet): string =>
  `name='${name}', type='${type}'${routing ? `, set-identifier='${routing.setIdentifier}'` : ""}`;

const isSame = (one: RecordSet, other: RecordSet): boolean =>
  one.ttlSeconds === other.ttlSeconds &&
  isDeepStrictEqual(one.routing, other.routing) &&
  [...one.values].sort().join("\n") === [...other.values].sort().join("\n");

const isAddress = (value: string): boolean =>
  /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(value);

/** Why a record set cannot be in the zone, whatever else is there. */
function shapeProblem(zoneName: string, set: RecordSet): string | undefined {
  if (set.name !== zoneName && !set.name.endsWith(`.${zoneName}`))
    return `RRSet with DNS name ${set.name} is not permitted in zone ${zoneName}`;
  if (set.type === "CNAME" && set.name === zoneName)
    return `RRSet of type CNAME with DNS name ${set.name} is not permitted at apex in zone ${zoneName}`;
  if (set.type === "CNAME" && set.values.length > 1)
    return `Invalid Resource Record: 'FATAL problem: DomainLabelRepeated (a CNAME has exactly one value)' encountered with [${label(set)}]`;
  if (set.type === "A" && !set.values.every(isAddress))
    return `Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)' encountered with '${set.values.join(",")}'`;
  return undefined;
}

/** A CNAME is alone at its name. */
function neighbourProblem(records: RecordSets, set: RecordSet): string | undefined {
  const others = [...records.values()].filter(
    (other) => other.name === set.name && other.type !== set.type,
  );
  const clash = set.type === "CNAME" ? others[0] : others.find((other) => other.type === "CNAME");
  if (!clash) return undefined;
  return set.type === "CNAME"
    ? `RRSet of type CNAME with DNS name ${set.name} is not permitted as it conflicts with other records with the same DNS name in zone`
    : `RRSet of type ${set.type} with DNS name ${set.name} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone`;
}

function deletionProblem(
  zoneName: string,
  existing: RecordSet | undefined,
  set: RecordSet,
): string | undefined {
  if (set.name === zoneName && (set.type === "NS" || set.type === "SOA"))
    return `A HostedZone must contain at least one NS record for the zone itself and exactly one SOA record.`;
  if (!existing) return `Tried to delete resource record set [${label(set)}] but it was not found`;
  return isSame(existing, set)
    ? undefined
    : `Tried to delete resource record set [${label(set)}] but the values provided do not match the current values`;
}

/** Why one change cannot be made to these records; otherwise it is made. */
function apply(
  records: Map<string, RecordSet>,
  zoneName: string,
  change: Change,
): string | undefined {
  const set = toRecordSet(change.ResourceRecordSet ?? { Name: "", Type: "A" });
  const key = recordKey(set.name, set.type, set.routing?.setIdentifier);
  const existing = records.get(key);
  if (change.Action === "DELETE") {
    const problem = deletionProblem(zoneName, existing, set);
    if (problem === undefined) records.delete(key);
    return problem;
  }
  if (change.Action === "CREATE" && existing)
    return `Tried to create resource record set [${label(set)}] but it already exists`;
  const problem =
    shapeProblem(zoneName, set) ?? routingProblem(records, set) ?? neighbourProblem(records, set);
  if (problem === undefined) records.set(key, set);
  return problem;
}

/**
 * The records after a batch. A batch is atomic: one change that cannot be made refuses all of them.
 *
 * @throws {AwsError} `InvalidChangeBatch` with every problem, in AWS's words
 */
export function applyChangeBatch(
  records: RecordSets,
  zoneName: string,
  changes: readonly Change[],
): RecordSets {
  const changed = new Map(records);
  const problems = changes.flatMap((change) => apply(changed, zoneName, change) ?? []);
  if (problems.length > 0) throw new AwsError("InvalidChangeBatch", `[${problems.join(", ")}]`);
  return changed;
}
