import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import {
  flag,
  maps,
  number,
  type PropertyMap,
  requiredText,
  text,
  texts,
} from "../property-values.ts";

/** A record's full name: what a program may leave out is the zone's own name. */
export const expandedName = (name: string, zoneName: string): string => {
  const [record, zone] = [name, zoneName].map((each) => each.toLowerCase().replace(/\.$/, ""));
  if (!record) return zone ?? "";
  return record === zone || record.endsWith(`.${zone}`) ? record : `${record}.${zone}`;
};

/** Long texts are several strings to Route 53 and one to a program. */
const wireValue = (type: string, value: string): string =>
  type === "TXT" || type === "SPF" ? `"${value.replaceAll('"', '"')}"` : value;

const programValue = (type: string, value: string): string =>
  type === "TXT" || type === "SPF" ? value.replace(/^"|"$/g, "") : value;

const aliasOf = (properties: PropertyMap): Partial<ResourceRecordSet> => {
  const alias = maps(properties, "aliases")[0];
  if (!alias) return {};
  return {
    AliasTarget: {
      DNSName: requiredText(alias, "name"),
      HostedZoneId: requiredText(alias, "zoneId"),
      EvaluateTargetHealth: flag(alias, "evaluateTargetHealth") ?? false,
    },
  };
};

const routingOf = (properties: PropertyMap): Partial<ResourceRecordSet> => {
  const failover = maps(properties, "failoverRoutingPolicies")[0];
  const weighted = maps(properties, "weightedRoutingPolicies")[0];
  const latency = maps(properties, "latencyRoutingPolicies")[0];
  const identifier = text(properties, "setIdentifier");
  const healthCheck = text(properties, "healthCheckId");
  return {
    ...(identifier ? { SetIdentifier: identifier } : {}),
    ...(healthCheck ? { HealthCheckId: healthCheck } : {}),
    ...(failover
      ? { Failover: requiredText(failover, "type") === "PRIMARY" ? "PRIMARY" : "SECONDARY" }
      : {}),
    ...(weighted ? { Weight: number(weighted, "weight") } : {}),
    ...(latency ? { Region: requiredText(latency, "region") as ResourceRecordSet["Region"] } : {}),
    ...(flag(properties, "multivalueAnswerRoutingPolicy") ? { MultiValueAnswer: true } : {}),
  };
};

/** The record set that a resource's properties describe. A TTL of 0 is sent as 0. */
export const recordSetOf = (properties: PropertyMap, zoneName: string): ResourceRecordSet => {
  const type = requiredText(properties, "type");
  const records = texts(properties, "records");
  return {
    Name: expandedName(requiredText(properties, "name"), zoneName),
    Type: type as ResourceRecordSet["Type"],
    ...aliasOf(properties),
    ...routingOf(properties),
    ...(records.length > 0
      ? {
          TTL: number(properties, "ttl") ?? 0,
          ResourceRecords: records.map((value) => ({ Value: wireValue(type, value) })),
        }
      : {}),
  };
};

/** Routing policies are only taken over when Route 53 has one: their disappearance is no drift. */
const routingState = (set: ResourceRecordSet): PropertyMap => ({
  ...(set.Failover ? { failoverRoutingPolicies: [{ type: set.Failover }] } : {}),
  ...(set.Weight === undefined ? {} : { weightedRoutingPolicies: [{ weight: set.Weight }] }),
  ...(set.Region ? { latencyRoutingPolicies: [{ region: set.Region }] } : {}),
  ...(set.MultiValueAnswer ? { multivalueAnswerRoutingPolicy: true } : {}),
});

export const recordState = (set: ResourceRecordSet): PropertyMap => {
  const type = set.Type ?? "";
  const target = set.AliasTarget;
  return {
    ...routingState(set),
    ...(target
      ? {
          aliases: [
            {
              name: (target.DNSName ?? "").replace(/\.$/, ""),
              zoneId: target.HostedZoneId ?? "",
              evaluateTargetHealth: target.EvaluateTargetHealth ?? false,
            },
          ],
        }
      : {}),
    fqdn: (set.Name ?? "").replace(/\.$/, ""),
    healthCheckId: set.HealthCheckId ?? "",
    records: (set.ResourceRecords ?? []).map(({ Value = "" }) => programValue(type, Value)),
    setIdentifier: set.SetIdentifier ?? "",
    ttl: set.TTL ?? 0,
    type,
  };
};
