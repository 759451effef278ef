import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { PrivateZone } from "./components/private-zone.ts";
import type { NetworkPlace } from "./components/regional-network.ts";
import { type Refusal, refuseAny } from "./refusal.ts";
import type { PrimaryConfig, StackConfig, Tags } from "./stack-config.ts";

/** The zone as configured: made, or taken as it is. */
export function zonePlace(
  config: PrimaryConfig,
  network: NetworkPlace,
  tags: Tags,
): pulumi.Input<string> {
  const { zone, region } = config;
  if ("existing" in zone) {
    joinZone(config, network, zone.existing.zoneId);
    return zone.existing.zoneId;
  }
  return new PrivateZone("zone", { zoneName: zone.name, vpcId: network.vpcId, region, tags })
    .zoneId;
}

/** The zone may belong to another stack or to nobody here; the association belongs to the stack whose VPC it is. */
export function joinZone(
  { network: configured, region }: StackConfig,
  network: NetworkPlace,
  zoneId: string,
): void {
  if ("existing" in configured && !configured.existing.associateZone) return;
  new aws.route53.ZoneAssociation(
    "zone",
    { zoneId, vpcId: network.vpcId, vpcRegion: region },
    { protect: true },
  );
}

/**
 * Looks at a zone that exists, once: as long as the last outputs name another one, or none.
 *
 * @throws pulumi.RunError for a zone that is not there, is public, or has another name.
 */
export async function checkZone(
  { zone, stack }: PrimaryConfig,
  lastZoneId: string | undefined,
): Promise<void> {
  if (!("existing" in zone) || zone.existing.zoneId === lastZoneId) return;
  const { zoneId, name } = zone.existing;
  const live = await aws.route53.getZone({ zoneId }).catch(() => undefined);
  refuseAny(zoneRefusals({ stack, zoneId, name }, live));
}

function zoneRefusals(
  {
    stack,
    zoneId,
    name,
  }: { readonly stack: string; readonly zoneId: string; readonly name: string },
  live: { readonly name: string; readonly privateZone?: boolean } | undefined,
): readonly Refusal[] {
  const look = `aws route53 get-hosted-zone --id ${zoneId}, then edit Pulumi.${stack}.yaml`;
  if (!live)
    return [
      {
        key: "standby:zone.existing.zoneId",
        reason: "names no hosted zone that Route 53 shows to these credentials",
        next: look,
      },
    ];
  const refusals: Refusal[] = [];
  if (live.name.replace(/\.$/, "") !== name)
    refusals.push({
      key: "standby:zone.existing.name",
      reason: "is not the name of the zone that zoneId names",
      next: look,
    });
  if (!live.privateZone)
    refusals.push({
      key: "standby:zone.existing.zoneId",
      reason:
        "names a public zone: both Regions' VPCs are associated with the zone, which only a private one can be",
      next: look,
    });
  return refusals;
}
