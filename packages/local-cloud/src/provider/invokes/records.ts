import {
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { during } from "../aws-call-error.ts";
import { type PropertyMap, requiredText, text } from "../property-values.ts";
import type { Scope } from "../resource-handler.ts";
import { bareZoneId } from "../types/route53-changes.ts";

/** All of the zone, page by page: the filter is applied afterwards. */
const everyRecord = async (zoneId: string, scope: Scope): Promise<ResourceRecordSet[]> => {
  const records: ResourceRecordSet[] = [];
  let next: Partial<ListResourceRecordSetsCommandInput> | undefined = {};
  while (next) {
    const command: ListResourceRecordSetsCommand = new ListResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      ...next,
    });
    const page: ListResourceRecordSetsCommandOutput = await scope.aws.route53.send(command, {
      abortSignal: scope.signal,
    });
    records.push(...(page.ResourceRecordSets ?? []));
    next = page.IsTruncated
      ? {
          StartRecordName: page.NextRecordName,
          StartRecordType: page.NextRecordType,
          StartRecordIdentifier: page.NextRecordIdentifier,
        }
      : undefined;
  }
  return records;
};

/** Names keep the trailing dot of Route 53. */
export const getRecords = async (args: PropertyMap, scope: Scope): Promise<PropertyMap> => {
  const zoneId = bareZoneId(requiredText(args, "zoneId"));
  const pattern = new RegExp(text(args, "nameRegex") ?? "");
  const records = await everyRecord(zoneId, scope).catch((error: unknown) => {
    throw during(`reading Route 53 Records (${zoneId})`, error);
  });
  return {
    ...args,
    resourceRecordSets: records
      .filter(({ Name = "" }) => pattern.test(Name))
      .map((set) => ({
        aliasTarget: set.AliasTarget
          ? {
              dnsName: set.AliasTarget.DNSName,
              hostedZoneId: set.AliasTarget.HostedZoneId,
              evaluateTargetHealth: set.AliasTarget.EvaluateTargetHealth,
            }
          : undefined,
        failover: set.Failover,
        healthCheckId: set.HealthCheckId,
        multiValueAnswer: set.MultiValueAnswer,
        name: set.Name,
        region: set.Region,
        resourceRecords: (set.ResourceRecords ?? []).map(({ Value }) => ({ value: Value })),
        setIdentifier: set.SetIdentifier,
        ttl: set.TTL,
        type: set.Type,
        weight: set.Weight,
      })),
  };
};
