import type { DBSubnetGroup } from "@aws-sdk/client-rds";
import { stableHash } from "../identifiers.ts";
import type { TagMap } from "../tag-map.ts";
import { arnOf } from "./names.ts";

export interface SubnetGroup {
  readonly region: string;
  readonly name: string;
  readonly tags: TagMap;
  description: string;
  subnetIds: readonly string[];
}

const zoneLetters = "abcdef";

/** Subnets are no resources here: their zones and their VPC follow from the order and the ids. */
export const subnetGroupView = (group: SubnetGroup): DBSubnetGroup => ({
  DBSubnetGroupName: group.name,
  DBSubnetGroupDescription: group.description,
  VpcId: `vpc-${stableHash(...group.subnetIds)}`,
  SubnetGroupStatus: "Complete",
  Subnets: group.subnetIds.map((id, index) => ({
    SubnetIdentifier: id,
    SubnetAvailabilityZone: { Name: `${group.region}${zoneLetters[index % zoneLetters.length]}` },
    SubnetOutpost: {},
    SubnetStatus: "Active",
  })),
  DBSubnetGroupArn: arnOf(group.region, "subgrp", group.name),
  SupportedNetworkTypes: ["IPV4"],
});
