import type {
  AssociateVPCWithHostedZoneRequest,
  AssociateVPCWithHostedZoneResponse,
  DisassociateVPCFromHostedZoneRequest,
  DisassociateVPCFromHostedZoneResponse,
  ListHostedZonesByVPCRequest,
  ListHostedZonesByVPCResponse,
} from "@aws-sdk/client-route-53";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { changeInfo } from "./views.ts";
import type { ZoneStore } from "./zone-store.ts";

/** Which VPCs see a private zone. Here they are told and kept; the one DNS server answers everybody. */
export const vpcAssociationOperations = (
  store: ZoneStore,
): Readonly<Record<string, Operation>> => ({
  AssociateVPCWithHostedZone: operation<
    AssociateVPCWithHostedZoneRequest,
    AssociateVPCWithHostedZoneResponse
  >(({ HostedZoneId, VPC: vpc = {}, Comment }) => {
    const zone = store.zone(HostedZoneId);
    if (!zone.isPrivate)
      throw new AwsError(
        "PublicZoneVPCAssociation",
        "You can't associate a VPC with a public hosted zone.",
      );
    const clash = [...store.zones.values()].some(
      (other) => other.name === zone.name && other.vpcs.has(vpc.VPCId ?? ""),
    );
    if (clash)
      throw new AwsError(
        "ConflictingDomainExists",
        `The VPC ${vpc.VPCId} has already been associated with a hosted zone with the same domain name.`,
      );
    zone.vpcs.set(vpc.VPCId ?? "", vpc);
    return { ChangeInfo: changeInfo(store.submit(Comment)) };
  }),

  DisassociateVPCFromHostedZone: operation<
    DisassociateVPCFromHostedZoneRequest,
    DisassociateVPCFromHostedZoneResponse
  >(({ HostedZoneId, VPC: vpc = {}, Comment }) => {
    const zone = store.zone(HostedZoneId);
    const id = vpc.VPCId ?? "";
    if (!zone.vpcs.has(id))
      throw new AwsError(
        "VPCAssociationNotFound",
        `The VPC: ${id} is not currently associated with the hosted zone`,
        404,
      );
    if (zone.vpcs.size === 1)
      throw new AwsError(
        "LastVPCAssociation",
        "The VPC that you are trying to disassociate is the last one of the private hosted zone.",
      );
    zone.vpcs.delete(id);
    return { ChangeInfo: changeInfo(store.submit(Comment)) };
  }),

  ListHostedZonesByVPC: operation<ListHostedZonesByVPCRequest, ListHostedZonesByVPCResponse>(
    ({ VPCId = "" }, { accountId }) => ({
      HostedZoneSummaries: [...store.zones.values()]
        .filter((zone) => zone.vpcs.has(VPCId))
        .map((zone) => ({
          HostedZoneId: zone.id,
          Name: zone.name,
          Owner: { OwningAccount: accountId },
        })),
      MaxItems: 100,
    }),
  ),
});
