import type {
  ChangeInfo,
  DelegationSet,
  HostedZone as HostedZoneView,
  ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import type { Change, HostedZone, RecordSet } from "./zone.ts";

export const changeInfo = (change: Change): ChangeInfo => ({
  Id: `/change/${change.id}`,
  Status: change.status,
  SubmittedAt: change.submittedAt,
  Comment: change.comment,
});

export const hostedZoneView = (zone: HostedZone): HostedZoneView => ({
  Id: `/hostedzone/${zone.id}`,
  Name: zone.name,
  CallerReference: zone.callerReference,
  Config: { Comment: zone.comment, PrivateZone: zone.isPrivate },
  ResourceRecordSetCount: zone.records.size,
});

/** A private zone has no delegation set. */
export const delegationSet = (zone: HostedZone): DelegationSet | undefined =>
  zone.isPrivate ? undefined : { NameServers: [...zone.nameServers] };

export const recordSetView = (set: RecordSet): ResourceRecordSet => ({
  Name: set.name,
  Type: set.type,
  SetIdentifier: set.routing?.setIdentifier,
  Failover: set.routing?.failover,
  HealthCheckId: set.routing?.healthCheckId,
  TTL: set.ttlSeconds,
  ResourceRecords: set.values.map((Value) => ({ Value })),
});
