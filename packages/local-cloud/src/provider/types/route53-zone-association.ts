import {
  AssociateVPCWithHostedZoneCommand,
  DisassociateVPCFromHostedZoneCommand,
  ListHostedZonesByVPCCommand,
  type VPC,
} from "@aws-sdk/client-route-53";
import { during, hasCode } from "../aws-call-error.ts";
import { type PropertyMap, requiredText, text } from "../property-values.ts";
import type { ResourceHandler } from "../resource-handler.ts";
import { bareZoneId, untilInSync } from "./route53-changes.ts";

const vpcOf = (id: string, region: string): VPC => ({
  VPCId: id,
  VPCRegion: region as VPC["VPCRegion"],
});

interface Association {
  readonly zoneId: string;
  readonly vpcId: string;
  readonly vpcRegion: string;
}

/** An id is `<zone>:<vpc>:<region>`; the Region may be left out in an import. */
const associationOf = (id: string, state: PropertyMap, region: string): Association => {
  const [zoneId = "", vpcId = "", vpcRegion = text(state, "vpcRegion") ?? region] = id.split(":");
  return { zoneId, vpcId, vpcRegion };
};

export const route53ZoneAssociation: ResourceHandler = {
  async create(inputs, scope, created) {
    const zoneId = bareZoneId(requiredText(inputs, "zoneId"));
    const vpcId = requiredText(inputs, "vpcId");
    const vpcRegion = text(inputs, "vpcRegion") ?? scope.region;
    const command = new AssociateVPCWithHostedZoneCommand({
      HostedZoneId: zoneId,
      VPC: vpcOf(vpcId, vpcRegion),
    });
    try {
      const answer = await scope.aws.route53.send(command, { abortSignal: scope.signal });
      created(`${zoneId}:${vpcId}:${vpcRegion}`);
      await untilInSync(answer.ChangeInfo?.Id, scope);
    } catch (error) {
      throw during(`creating Route53 Zone Association (${zoneId})`, error);
    }
  },

  async read(id, state, scope) {
    const { zoneId, vpcId, vpcRegion } = associationOf(id, state, scope.region);
    const command = new ListHostedZonesByVPCCommand({
      VPCId: vpcId,
      VPCRegion: vpcRegion as VPC["VPCRegion"],
    });
    try {
      const answer = await scope.aws.route53.send(command, { abortSignal: scope.signal });
      const zone = answer.HostedZoneSummaries?.find(
        (each) => bareZoneId(each.HostedZoneId ?? "") === zoneId,
      );
      if (!zone) return undefined;
      return { zoneId, vpcId, vpcRegion, owningAccount: zone.Owner?.OwningAccount };
    } catch (error) {
      throw during(`reading Route53 Zone Association (${id})`, error);
    }
  },

  /** Every input replaces it. */
  async update() {},

  async delete(id, state, scope) {
    const { zoneId, vpcId, vpcRegion } = associationOf(id, state, scope.region);
    const command = new DisassociateVPCFromHostedZoneCommand({
      HostedZoneId: zoneId,
      VPC: vpcOf(vpcId, vpcRegion),
    });
    try {
      const answer = await scope.aws.route53.send(command, { abortSignal: scope.signal });
      await untilInSync(answer.ChangeInfo?.Id, scope);
    } catch (error) {
      if (hasCode(error, "NoSuchHostedZone", "VPCAssociationNotFound")) return;
      throw during(`deleting Route53 Zone Association (${id})`, error);
    }
  },
};
