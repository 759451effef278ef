import { type NetworkPlace, type Peering, RegionalNetwork } from "./components/regional-network.ts";
import type { StackConfig } from "./stack-config.ts";

/** This Region's network as configured: made, or taken as it is. In a network that is given, its owner connects the Regions. */
export function networkPlace(
  { network, region, role }: StackConfig,
  tags: Readonly<Record<string, string>>,
  peering: Peering | undefined,
): NetworkPlace {
  if ("existing" in network) return network.existing;
  return new RegionalNetwork("network", {
    region,
    cidr: network.cidr,
    peerCidr: network.peerCidr,
    availabilityZones: network.availabilityZones ?? [`${region}a`, `${region}b`],
    // The recovery commands' bucket is there, and the probe writes to it.
    reachesObjectStore: role === "recovery",
    tags,
    ...(peering ? { peering } : {}),
  });
}

/** The arguments of a database that is to use given security groups; none where it makes its own. */
export const securityGroupsOf = ({
  databaseSecurityGroupIds: securityGroupIds,
}: NetworkPlace): { readonly securityGroupIds?: readonly string[] } =>
  securityGroupIds ? { securityGroupIds } : {};
