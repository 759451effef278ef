import type {
  CreateHostedZoneRequest,
  CreateHostedZoneResponse,
  DeleteHostedZoneRequest,
  DeleteHostedZoneResponse,
  GetHostedZoneRequest,
  GetHostedZoneResponse,
  ListHostedZonesByNameRequest,
  ListHostedZonesByNameResponse,
  ListHostedZonesRequest,
  ListHostedZonesResponse,
  UpdateHostedZoneCommentRequest,
  UpdateHostedZoneCommentResponse,
} from "@aws-sdk/client-route-53";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { listPage, maxItemsOf } from "./list-page.ts";
import { changeInfo, delegationSet, hostedZoneView } from "./views.ts";
import { absoluteName, type HostedZone } from "./zone.ts";
import type { ZoneStore } from "./zone-store.ts";

const domainPattern = /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+$/;

/** `com.example.`: AWS lists zones by their name from the right. */
const reversed = (name: string): string =>
  name
    .split(".")
    .filter((part) => part !== "")
    .reverse()
    .join(".");

const byName = (one: HostedZone, other: HostedZone): number =>
  reversed(one.name).localeCompare(reversed(other.name)) || one.id.localeCompare(other.id);

function checkNewZone(store: ZoneStore, input: CreateHostedZoneRequest): void {
  if (!domainPattern.test(absoluteName(input.Name ?? "")))
    throw new AwsError("InvalidDomainName", `${input.Name} is not a valid domain name.`);
  const zones = [...store.zones.values()];
  if (zones.some((zone) => zone.callerReference === input.CallerReference))
    throw new AwsError(
      "HostedZoneAlreadyExists",
      "A hosted zone has already been created with the specified caller reference.",
      409,
    );
  const vpc = input.VPC?.VPCId;
  const name = absoluteName(input.Name ?? "");
  if (vpc && zones.some((zone) => zone.name === name && zone.vpcs.has(vpc)))
    throw new AwsError(
      "ConflictingDomainExists",
      `The VPC ${vpc} has already been associated with a hosted zone with the same domain name.`,
    );
}

/** Only what every zone has may be left. */
function requireEmpty(zone: HostedZone): void {
  const own = new Set(["NS", "SOA"]);
  const others = [...zone.records.values()].filter(
    (set) => set.name !== zone.name || !own.has(set.type),
  );
  if (others.length > 0)
    throw new AwsError(
      "HostedZoneNotEmpty",
      "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
    );
}

const listOperations = (store: ZoneStore): Readonly<Record<string, Operation>> => ({
  ListHostedZones: operation<ListHostedZonesRequest, ListHostedZonesResponse>((input) => {
    const page = listPage([...store.zones.values()], input);
    return {
      HostedZones: page.items.map(hostedZoneView),
      Marker: input.Marker,
      IsTruncated: page.nextMarker !== undefined,
      NextMarker: page.nextMarker,
      MaxItems: page.maxItems,
    };
  }),

  ListHostedZonesByName: operation<ListHostedZonesByNameRequest, ListHostedZonesByNameResponse>(
    (input) => {
      const { DNSName, HostedZoneId: id = "" } = input;
      if (id !== "" && DNSName === undefined)
        throw new AwsError("InvalidInput", "The request contains a zone id but no DNS name.");
      const start = DNSName === undefined ? "" : reversed(absoluteName(DNSName));
      const limit = maxItemsOf(input.MaxItems);
      const zones = [...store.zones.values()].sort(byName).filter((zone) => {
        const name = reversed(zone.name);
        return name > start || (name === start && zone.id >= id);
      });
      return {
        HostedZones: zones.slice(0, limit).map(hostedZoneView),
        DNSName,
        HostedZoneId: input.HostedZoneId,
        IsTruncated: zones.length > limit,
        NextDNSName: zones[limit]?.name,
        NextHostedZoneId: zones[limit]?.id,
        MaxItems: limit,
      };
    },
  ),
});

export const hostedZoneOperations = (store: ZoneStore): Readonly<Record<string, Operation>> => ({
  ...listOperations(store),

  CreateHostedZone: operation<CreateHostedZoneRequest, CreateHostedZoneResponse>((input) => {
    checkNewZone(store, input);
    const zone = store.create({
      name: input.Name ?? "",
      callerReference: input.CallerReference ?? "",
      comment: input.HostedZoneConfig?.Comment,
      vpc: input.VPC,
    });
    return {
      HostedZone: hostedZoneView(zone),
      ChangeInfo: changeInfo(store.submit()),
      DelegationSet: delegationSet(zone),
      VPC: input.VPC,
      Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}`,
    };
  }),

  GetHostedZone: operation<GetHostedZoneRequest, GetHostedZoneResponse>(({ Id }) => {
    const zone = store.zone(Id);
    return {
      HostedZone: hostedZoneView(zone),
      DelegationSet: delegationSet(zone),
      VPCs: zone.isPrivate ? [...zone.vpcs.values()] : undefined,
    };
  }),

  UpdateHostedZoneComment: operation<
    UpdateHostedZoneCommentRequest,
    UpdateHostedZoneCommentResponse
  >(({ Id, Comment }) => {
    const zone = { ...store.zone(Id), comment: Comment };
    store.zones.set(zone.id, zone);
    return { HostedZone: hostedZoneView(zone) };
  }),

  DeleteHostedZone: operation<DeleteHostedZoneRequest, DeleteHostedZoneResponse>(({ Id }) => {
    const zone = store.zone(Id);
    requireEmpty(zone);
    store.zones.delete(zone.id);
    return { ChangeInfo: changeInfo(store.submit()) };
  }),
});
