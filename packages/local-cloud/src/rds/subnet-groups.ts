import type {
  CreateDBSubnetGroupMessage,
  CreateDBSubnetGroupResult,
  DBSubnetGroupMessage,
  DeleteDBSubnetGroupMessage,
  DescribeDBSubnetGroupsMessage,
  ModifyDBSubnetGroupMessage,
  ModifyDBSubnetGroupResult,
} from "@aws-sdk/client-rds";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { tagMapOf } from "../tag-map.ts";
import type { RdsContext } from "./context.ts";
import { subnetGroupView } from "./subnet-group.ts";

function requireTwoZones(subnetIds: readonly string[]): readonly string[] {
  if (new Set(subnetIds).size < 2)
    throw new AwsError(
      "DBSubnetGroupDoesNotCoverEnoughAZs",
      "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Add subnets to cover at least 2 AZs.",
    );
  return subnetIds;
}

export const subnetGroupOperations = (rds: RdsContext): Readonly<Record<string, Operation>> => ({
  CreateDBSubnetGroup: operation<CreateDBSubnetGroupMessage, CreateDBSubnetGroupResult>(
    (input, { region }) => {
      const name = (input.DBSubnetGroupName ?? "").toLowerCase();
      const { subnetGroups } = rds.store.in(region);
      if (subnetGroups.has(name))
        throw new AwsError(
          "DBSubnetGroupAlreadyExists",
          `The DB subnet group '${name}' already exists.`,
        );
      const group = {
        region,
        name,
        tags: tagMapOf(input.Tags),
        description: input.DBSubnetGroupDescription ?? "",
        subnetIds: requireTwoZones(input.SubnetIds ?? []),
      };
      subnetGroups.set(name, group);
      return { DBSubnetGroup: subnetGroupView(group) };
    },
  ),

  DescribeDBSubnetGroups: operation<DescribeDBSubnetGroupsMessage, DBSubnetGroupMessage>(
    ({ DBSubnetGroupName: name }, { region }) => ({
      DBSubnetGroups: (name === undefined
        ? [...rds.store.in(region).subnetGroups.values()]
        : [rds.store.subnetGroup(region, name)]
      ).map(subnetGroupView),
    }),
  ),

  ModifyDBSubnetGroup: operation<ModifyDBSubnetGroupMessage, ModifyDBSubnetGroupResult>(
    (input, { region }) => {
      const group = rds.store.subnetGroup(region, input.DBSubnetGroupName);
      group.subnetIds = requireTwoZones(input.SubnetIds ?? []);
      group.description = input.DBSubnetGroupDescription ?? group.description;
      return { DBSubnetGroup: subnetGroupView(group) };
    },
  ),

  DeleteDBSubnetGroup: operation<DeleteDBSubnetGroupMessage, object>((input, { region }) => {
    const group = rds.store.subnetGroup(region, input.DBSubnetGroupName);
    const { instances, subnetGroups } = rds.store.in(region);
    if ([...instances.values()].some((instance) => instance.subnetGroup === group.name))
      throw new AwsError(
        "InvalidDBSubnetGroupStateFault",
        `Cannot delete the subnet group '${group.name}' because at least one database instance is still using it.`,
      );
    subnetGroups.delete(group.name);
    return {};
  }),
});
