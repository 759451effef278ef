import {
  CreateDBSubnetGroupCommand,
  DeleteDBSubnetGroupCommand,
  DescribeDBSubnetGroupsCommand,
  ListTagsForResourceCommand,
  ModifyDBSubnetGroupCommand,
} from "@aws-sdk/client-rds";
import { during, hasCode } from "../aws-call-error.ts";
import { requiredText, text, textMap, texts } from "../property-values.ts";
import type { ResourceHandler } from "../resource-handler.ts";
import { tagList, tagMap } from "../tag-changes.ts";
import { changeRdsTags } from "./rds-tags.ts";

export const rdsSubnetGroup: ResourceHandler = {
  async create(inputs, scope, created) {
    const name = requiredText(inputs, "name").toLowerCase();
    const command = new CreateDBSubnetGroupCommand({
      DBSubnetGroupName: name,
      DBSubnetGroupDescription: text(inputs, "description") ?? "",
      SubnetIds: texts(inputs, "subnetIds"),
      Tags: tagList(textMap(inputs, "tagsAll")),
    });
    try {
      await scope.aws.rds.send(command, { abortSignal: scope.signal });
    } catch (error) {
      throw during(`creating RDS DB Subnet Group (${name})`, error);
    }
    created(name);
  },

  async read(id, _state, scope) {
    const options = { abortSignal: scope.signal };
    try {
      const command = new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: id });
      const group = (await scope.aws.rds.send(command, options)).DBSubnetGroups?.[0];
      if (!group) return undefined;
      const arn = group.DBSubnetGroupArn ?? "";
      const tags = new ListTagsForResourceCommand({ ResourceName: arn });
      return {
        arn,
        description: group.DBSubnetGroupDescription,
        name: group.DBSubnetGroupName,
        subnetIds: (group.Subnets ?? []).map((subnet) => subnet.SubnetIdentifier ?? "").sort(),
        supportedNetworkTypes: group.SupportedNetworkTypes ?? [],
        tags: tagMap((await scope.aws.rds.send(tags, options)).TagList),
        vpcId: group.VpcId,
      };
    } catch (error) {
      if (hasCode(error, "DBSubnetGroupNotFound")) return undefined;
      throw during(`reading RDS DB Subnet Group (${id})`, error);
    }
  },

  async update(update, scope) {
    const { id, planned, changed } = update;
    if (changed.has("tagsAll")) await changeRdsTags(update, scope);
    if (!changed.has("description") && !changed.has("subnetIds")) return;
    const command = new ModifyDBSubnetGroupCommand({
      DBSubnetGroupName: id,
      DBSubnetGroupDescription: text(planned, "description") ?? "",
      SubnetIds: texts(planned, "subnetIds"),
    });
    try {
      await scope.aws.rds.send(command, { abortSignal: scope.signal });
    } catch (error) {
      throw during(`updating RDS DB Subnet Group (${id})`, error);
    }
  },

  async delete(id, _state, scope) {
    const command = new DeleteDBSubnetGroupCommand({ DBSubnetGroupName: id });
    try {
      await scope.aws.rds.send(command, { abortSignal: scope.signal });
    } catch (error) {
      if (hasCode(error, "DBSubnetGroupNotFound")) return;
      throw during(`deleting RDS DB Subnet Group (${id})`, error);
    }
  },
};
