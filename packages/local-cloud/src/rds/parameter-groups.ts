import type {
  CreateDBParameterGroupMessage,
  CreateDBParameterGroupResult,
  DBParameterGroup,
  DBParameterGroupDetails,
  DBParameterGroupNameMessage,
  DBParameterGroupsMessage,
  DeleteDBParameterGroupMessage,
  DescribeDBParameterGroupsMessage,
  DescribeDBParametersMessage,
  ModifyDBParameterGroupMessage,
  ResetDBParameterGroupMessage,
} from "@aws-sdk/client-rds";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { tagMapOf } from "../tag-map.ts";
import { applyParameters } from "./apply-parameters.ts";
import type { RdsContext } from "./context.ts";
import { invalidValue } from "./errors.ts";
import { arnOf } from "./names.ts";
import { defaultParameters } from "./parameter-catalogue.ts";
import {
  checkParameter,
  defaultGroupPrefix,
  describeParameters,
  type ParameterGroup,
} from "./parameter-group.ts";

const view = (group: ParameterGroup): DBParameterGroup => ({
  DBParameterGroupName: group.name,
  DBParameterGroupFamily: group.family,
  Description: group.description,
  DBParameterGroupArn: arnOf(group.region, "pg", group.name),
});

const invalidState = (message: string): AwsError =>
  new AwsError("InvalidDBParameterGroupState", message);

function changeable(rds: RdsContext, region: string, name: string | undefined): ParameterGroup {
  const group = rds.store.parameterGroup(region, name);
  if (group.name.startsWith(defaultGroupPrefix))
    throw invalidState(`The default parameter group ${group.name} can't be modified.`);
  return group;
}

function create(input: CreateDBParameterGroupMessage, region: string): ParameterGroup {
  const name = (input.DBParameterGroupName ?? "").toLowerCase();
  if (!/^[a-z](?:-?[a-z0-9])*$/.test(name) || name.length > 255)
    throw invalidValue("The parameter DBParameterGroupName is not a valid identifier.");
  if (!/^mysql8\.[04]$/.test(input.DBParameterGroupFamily ?? ""))
    throw invalidValue(
      `ParameterGroupFamily ${input.DBParameterGroupFamily} is not a valid parameter group family`,
    );
  return {
    region,
    name,
    family: input.DBParameterGroupFamily ?? "",
    description: input.Description ?? "",
    tags: tagMapOf(input.Tags),
    values: new Map(),
    applyMethods: new Map(),
  };
}

const groupOperations = (rds: RdsContext): Readonly<Record<string, Operation>> => ({
  CreateDBParameterGroup: operation<CreateDBParameterGroupMessage, CreateDBParameterGroupResult>(
    (input, { region }) => {
      const group = create(input, region);
      const { parameterGroups } = rds.store.in(region);
      if (parameterGroups.has(group.name))
        throw new AwsError(
          "DBParameterGroupAlreadyExists",
          `Parameter group ${group.name} already exists`,
        );
      parameterGroups.set(group.name, group);
      return { DBParameterGroup: view(group) };
    },
  ),

  DescribeDBParameterGroups: operation<DescribeDBParameterGroupsMessage, DBParameterGroupsMessage>(
    ({ DBParameterGroupName: name }, { region }) => ({
      DBParameterGroups: (name === undefined
        ? [...rds.store.in(region).parameterGroups.values()]
        : [rds.store.parameterGroup(region, name)]
      ).map(view),
    }),
  ),

  DeleteDBParameterGroup: operation<DeleteDBParameterGroupMessage, object>((input, { region }) => {
    const group = changeable(rds, region, input.DBParameterGroupName);
    const { instances, parameterGroups } = rds.store.in(region);
    if ([...instances.values()].some((instance) => instance.parameterGroup === group.name))
      throw invalidState(
        `One or more database instances are still members of this parameter group ${group.name}, so the group cannot be deleted`,
      );
    parameterGroups.delete(group.name);
    return {};
  }),
});

/** Parameter groups and their parameters. */
export const parameterGroupOperations = (rds: RdsContext): Readonly<Record<string, Operation>> => ({
  ...groupOperations(rds),

  DescribeDBParameters: operation<DescribeDBParametersMessage, DBParameterGroupDetails>(
    ({ DBParameterGroupName, Source }, { region }) => ({
      Parameters: describeParameters(rds.store.parameterGroup(region, DBParameterGroupName)).filter(
        (parameter) => Source === undefined || parameter.Source === Source,
      ),
    }),
  ),

  ModifyDBParameterGroup: operation<ModifyDBParameterGroupMessage, DBParameterGroupNameMessage>(
    (input, { region }) => {
      const group = changeable(rds, region, input.DBParameterGroupName);
      const parameters = input.Parameters ?? [];
      for (const parameter of parameters) checkParameter(parameter);
      for (const { ParameterName = "", ParameterValue = "", ApplyMethod } of parameters) {
        group.values.set(ParameterName, ParameterValue);
        group.applyMethods.set(ParameterName, ApplyMethod ?? "pending-reboot");
      }
      applyParameters(rds, group, parameters);
      return { DBParameterGroupName: group.name };
    },
  ),

  ResetDBParameterGroup: operation<ResetDBParameterGroupMessage, DBParameterGroupNameMessage>(
    (input, { region }) => {
      const group = changeable(rds, region, input.DBParameterGroupName);
      const parameters =
        input.ResetAllParameters === true
          ? [...group.values.keys()].map((name) => ({ ParameterName: name }))
          : (input.Parameters ?? []);
      for (const { ParameterName = "" } of parameters) {
        group.values.delete(ParameterName);
        group.applyMethods.delete(ParameterName);
      }
      applyParameters(
        rds,
        group,
        parameters.map((each) => ({
          ...each,
          ParameterValue: defaultParameters[each.ParameterName ?? ""],
        })),
      );
      return { DBParameterGroupName: group.name };
    },
  ),
});
