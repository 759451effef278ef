import {
  GetHostedZoneCommand,
  type HostedZone,
  ListHostedZonesCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-route-53";
import { during } from "../aws-call-error.ts";
import { flag, type PropertyMap, text, textMap } from "../property-values.ts";
import type { Scope } from "../resource-handler.ts";
import { tagMap } from "../tag-changes.ts";
import { bareZoneId } from "../types/route53-changes.ts";

const dotless = (name: string): string => name.toLowerCase().replace(/\.$/, "");

const tagsOf = async (id: string, scope: Scope): Promise<Record<string, string>> => {
  const command = new ListTagsForResourceCommand({ ResourceType: "hostedzone", ResourceId: id });
  const answer = await scope.aws.route53.send(command, { abortSignal: scope.signal });
  return tagMap(answer.ResourceTagSet?.Tags);
};

const everyZone = async (scope: Scope): Promise<HostedZone[]> => {
  const zones: HostedZone[] = [];
  let Marker: string | undefined;
  do {
    const command = new ListHostedZonesCommand({ Marker });
    const page = await scope.aws.route53.send(command, { abortSignal: scope.signal });
    zones.push(...(page.HostedZones ?? []));
    Marker = page.IsTruncated ? page.NextMarker : undefined;
  } while (Marker);
  return zones;
};

const detailsOf = async (id: string, scope: Scope) => {
  const command = new GetHostedZoneCommand({ Id: bareZoneId(id) });
  return scope.aws.route53.send(command, { abortSignal: scope.signal });
};

const matches = async (zone: HostedZone, args: PropertyMap, scope: Scope): Promise<boolean> => {
  const name = text(args, "name");
  const vpcId = text(args, "vpcId");
  const isPrivate = vpcId !== undefined || (flag(args, "privateZone") ?? false);
  if (name !== undefined && dotless(zone.Name ?? "") !== dotless(name)) return false;
  if ((zone.Config?.PrivateZone ?? false) !== isPrivate) return false;
  const id = bareZoneId(zone.Id ?? "");
  if (vpcId !== undefined) {
    const { VPCs } = await detailsOf(id, scope);
    if (!VPCs?.some((vpc) => vpc.VPCId === vpcId)) return false;
  }
  const wanted = Object.entries(textMap(args, "tags"));
  if (wanted.length === 0) return true;
  const tags = await tagsOf(id, scope);
  return wanted.every(([tag, value]) => tags[tag] === value);
};

const search = async (args: PropertyMap, scope: Scope): Promise<string> => {
  const found: string[] = [];
  for (const zone of await everyZone(scope)) {
    if (await matches(zone, args, scope)) found.push(bareZoneId(zone.Id ?? ""));
  }
  const [id] = found;
  if (id === undefined) throw new Error("no matching Route 53 Hosted Zone found");
  if (found.length > 1) {
    throw new Error(
      "multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches to a single Route 53 Hosted Zone",
    );
  }
  return id;
};

export const getZone = async (args: PropertyMap, scope: Scope): Promise<PropertyMap> => {
  const id = bareZoneId(text(args, "zoneId") ?? (await search(args, scope)));
  const answer = await detailsOf(id, scope).catch((error: unknown) => {
    throw during(`reading Route 53 Hosted Zone (${id})`, error);
  });
  const zone = answer.HostedZone;
  const nameServers = answer.DelegationSet?.NameServers ?? [];
  return {
    ...args,
    arn: `arn:aws:route53:::hostedzone/${id}`,
    callerReference: zone?.CallerReference ?? "",
    comment: zone?.Config?.Comment ?? "",
    id,
    name: dotless(zone?.Name ?? ""),
    nameServers,
    primaryNameServer: nameServers[0] ?? "",
    privateZone: zone?.Config?.PrivateZone ?? false,
    resourceRecordSetCount: zone?.ResourceRecordSetCount ?? 0,
    tags: await tagsOf(id, scope),
    zoneId: id,
  };
};
