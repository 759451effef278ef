import type { Change, ResourceRecordSet } from "@aws-sdk/client-route-53";
import { AwsError } from "../service.ts";
import type { HealthCheckStore } from "./health-check-store.ts";
import { type FailoverRouting, type RecordSet, type RecordSets, sameName } from "./zone.ts";

const notModelled = (what: string): AwsError =>
  new AwsError("NotModelled", `NotModelled: Route53.ChangeResourceRecordSets with ${what}`, 501);

/** Other routing policies and aliases decide what is answered: none of that is modelled, so none is taken. */
const unmodelled = [
  "AliasTarget",
  "CidrRoutingConfig",
  "GeoLocation",
  "GeoProximityLocation",
  "MultiValueAnswer",
  "Region",
  "TrafficPolicyInstanceId",
  "Weight",
] as const;

const changeLabel = ({ Action, ResourceRecordSet: set }: Change): string =>
  `[Action=${Action}, Name=${set?.Name}, Type=${set?.Type}, SetIdentifier=${set?.SetIdentifier ?? "null"}]`;

const invalidInput = (problem: string, change: Change): AwsError =>
  new AwsError("InvalidInput", `Invalid request: ${problem} in Change with ${changeLabel(change)}`);

/**
 * Refuses a change that is no whole request, whatever the zone has.
 *
 * @throws {AwsError} `InvalidInput`, `NoSuchHealthCheck`, or `NotModelled`
 */
export function checkChange(change: Change, healthChecks: HealthCheckStore): void {
  const set: Partial<ResourceRecordSet> = change.ResourceRecordSet ?? {};
  const found = unmodelled.find((name) => set[name] !== undefined);
  if (found !== undefined) throw notModelled(found);
  if (set.TTL === undefined || !set.ResourceRecords?.length)
    throw invalidInput(
      "Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none",
      change,
    );
  if (set.SetIdentifier !== undefined && set.Failover === undefined)
    throw invalidInput(
      "Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig], but found none",
      change,
    );
  if (set.Failover === undefined) {
    if (set.HealthCheckId !== undefined) throw notModelled("HealthCheckId of a simple record");
    return;
  }
  if (set.SetIdentifier === undefined) throw invalidInput("Missing field 'SetIdentifier'", change);
  if (set.Failover === "PRIMARY" && set.HealthCheckId === undefined)
    throw invalidInput("Missing field 'HealthCheckId'", change);
  if (set.HealthCheckId !== undefined && change.Action !== "DELETE")
    healthChecks.get(set.HealthCheckId);
}

export const routingOf = (set: ResourceRecordSet): FailoverRouting | undefined =>
  set.Failover === undefined
    ? undefined
    : {
        setIdentifier: set.SetIdentifier ?? "",
        failover: set.Failover,
        healthCheckId: set.HealthCheckId,
      };

/** A simple record is alone under its name and type; of failover records there is one of each kind. */
export function routingProblem(records: RecordSets, set: RecordSet): string | undefined {
  const others = [...records.values()].filter(
    (other) => sameName(other, set) && other.routing?.setIdentifier !== set.routing?.setIdentifier,
  );
  const identifier = set.routing ? `, SetIdentifier ${set.routing.setIdentifier}` : "";
  const subject = `RRSet with DNS name ${set.name}, type ${set.type}${identifier}`;
  if (others.some((other) => !other.routing || !set.routing))
    return `${subject} cannot be created as other RRSets exist with the same name and type.`;
  return others.some((other) => other.routing?.failover === set.routing?.failover)
    ? `${subject}, and Failover=${set.routing?.failover} cannot be created because a failover RRSet with the same name, type and failover already exists.`
    : undefined;
}
