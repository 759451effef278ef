import type {
  AssociateVPCWithHostedZoneRequest,
  AssociateVPCWithHostedZoneResponse,
  DisassociateVPCFromHostedZoneRequest,
  DisassociateVPCFromHostedZoneResponse,
  ListHostedZonesByVPCRequest,
  ListHostedZonesByVPCResponse,
} from "@aws-sdk/client-route-53";
import { operation } from "../operation.ts";
import { pageOf } from "../page.ts";
import { AwsError, type Operation } from "../service.ts";
import { maxItemsOf } from "./list-page.ts";
import { changeInfo } from "./views.ts";
import type { ZoneStore } from "./zone-store.ts";

const invalidToken = (): AwsError =>
  new AwsError("InvalidPaginationToken", "The NextToken value is invalid.");

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
    ({ VPCId = "", MaxItems, NextToken }, { accountId }) => {
      const seen = [...store.zones.values()].filter((zone) => zone.vpcs.has(VPCId));
      const limit = maxItemsOf(MaxItems);
      const page = pageOf(seen, { limit, token: NextToken, invalidToken });
      return {
        HostedZoneSummaries: page.items.map((zone) => ({
          HostedZoneId: zone.id,
          Name: zone.name,
          Owner: { OwningAccount: accountId },
        })),
        NextToken: page.nextToken,
        MaxItems: limit,
      };
    },
  ),
});
