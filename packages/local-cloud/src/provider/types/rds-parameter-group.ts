import {
  CreateDBParameterGroupCommand,
  DeleteDBParameterGroupCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBParametersCommand,
  ListTagsForResourceCommand,
  ModifyDBParameterGroupCommand,
  type Parameter,
  ResetDBParameterGroupCommand,
} from "@aws-sdk/client-rds";
import { during, hasCode, hasCodeAndText } from "../aws-call-error.ts";
import { maps, type PropertyMap, requiredText, text, textMap } from "../property-values.ts";
import type { ResourceHandler, Scope } from "../resource-handler.ts";
import { tagList, tagMap } from "../tag-changes.ts";
import { retrying } from "../waiting.ts";
import { changeRdsTags } from "./rds-tags.ts";

/** RDS takes so many parameters at once. */
const batchSize = 20;

const parametersOf = (properties: PropertyMap): Parameter[] =>
  maps(properties, "parameters").map((parameter) => ({
    ParameterName: requiredText(parameter, "name").toLowerCase(),
    ParameterValue: text(parameter, "value") ?? "",
    ApplyMethod:
      text(parameter, "applyMethod") === "pending-reboot" ? "pending-reboot" : "immediate",
  }));

const inBatches = async (
  parameters: readonly Parameter[],
  send: (batch: Parameter[]) => Promise<unknown>,
): Promise<void> => {
  for (let start = 0; start < parameters.length; start += batchSize) {
    await send(parameters.slice(start, start + batchSize));
  }
};

const setParameters = (name: string, parameters: readonly Parameter[], scope: Scope) =>
  inBatches(parameters, (Parameters) =>
    scope.aws.rds.send(
      new ModifyDBParameterGroupCommand({ DBParameterGroupName: name, Parameters }),
      { abortSignal: scope.signal },
    ),
  );

const resetParameters = (name: string, parameters: readonly Parameter[], scope: Scope) =>
  inBatches(parameters, (Parameters) =>
    scope.aws.rds.send(
      new ResetDBParameterGroupCommand({
        DBParameterGroupName: name,
        Parameters,
        ResetAllParameters: false,
      }),
      { abortSignal: scope.signal },
    ),
  );

/** The parameters that were set by somebody, in the spelling that the state has. */
const readParameters = async (id: string, state: PropertyMap, scope: Scope) => {
  const set: Parameter[] = [];
  let Marker: string | undefined;
  do {
    const command = new DescribeDBParametersCommand({
      DBParameterGroupName: id,
      Source: "user",
      Marker,
    });
    const page = await scope.aws.rds.send(command, { abortSignal: scope.signal });
    set.push(...(page.Parameters ?? []));
    Marker = page.Marker;
  } while (Marker);
  const methods = new Map(
    parametersOf(state).map((each) => [each.ParameterName, each.ApplyMethod ?? "immediate"]),
  );
  return set.map(({ ParameterName = "", ParameterValue = "", ApplyMethod = "immediate" }) => ({
    name: ParameterName,
    value: ParameterValue,
    applyMethod: methods.get(ParameterName) ?? ApplyMethod,
  }));
};

export const rdsParameterGroup: ResourceHandler = {
  async create(inputs, scope, created) {
    const name = requiredText(inputs, "name").toLowerCase();
    const command = new CreateDBParameterGroupCommand({
      DBParameterGroupName: name,
      DBParameterGroupFamily: requiredText(inputs, "family"),
      Description: text(inputs, "description") ?? "",
      Tags: tagList(textMap(inputs, "tagsAll")),
    });
    try {
      await scope.aws.rds.send(command, { abortSignal: scope.signal });
      created(name);
      await setParameters(name, parametersOf(inputs), scope);
    } catch (error) {
      throw during(`creating RDS DB Parameter Group (${name})`, error);
    }
  },

  async read(id, state, scope) {
    const options = { abortSignal: scope.signal };
    try {
      const command = new DescribeDBParameterGroupsCommand({ DBParameterGroupName: id });
      const group = (await scope.aws.rds.send(command, options)).DBParameterGroups?.[0];
      if (!group) return undefined;
      const arn = group.DBParameterGroupArn ?? "";
      const parameters = await readParameters(id, state, scope);
      const tags = new ListTagsForResourceCommand({ ResourceName: arn });
      return {
        arn,
        description: group.Description,
        family: group.DBParameterGroupFamily,
        name: group.DBParameterGroupName,
        parameters,
        tags: tagMap((await scope.aws.rds.send(tags, options)).TagList),
      };
    } catch (error) {
      if (hasCode(error, "DBParameterGroupNotFound")) return undefined;
      throw during(`reading RDS DB Parameter Group (${id})`, error);
    }
  },

  async update(update, scope) {
    const { id, state, planned, changed } = update;
    if (changed.has("tagsAll")) await changeRdsTags(update, scope);
    if (!changed.has("parameters")) return;
    const [old, wanted] = [parametersOf(state), parametersOf(planned)];
    const same = (left: Parameter, right: Parameter) =>
      left.ParameterName === right.ParameterName &&
      left.ParameterValue === right.ParameterValue &&
      left.ApplyMethod === right.ApplyMethod;
    const changes = wanted.filter((each) => !old.some((other) => same(each, other)));
    const removals = old.filter((each) =>
      wanted.every((other) => other.ParameterName !== each.ParameterName),
    );
    try {
      await setParameters(id, changes, scope);
      await resetParameters(id, removals, scope);
    } catch (error) {
      throw during(`updating RDS DB Parameter Group (${id})`, error);
    }
  },

  async delete(id, state, scope) {
    if (state["skipDestroy"] === true) return;
    const command = new DeleteDBParameterGroupCommand({ DBParameterGroupName: id });
    try {
      await retrying(
        () => scope.aws.rds.send(command, { abortSignal: scope.signal }),
        (error) => hasCodeAndText(error, "InvalidDBParameterGroupState", "being deleted"),
        scope,
      );
    } catch (error) {
      if (hasCode(error, "DBParameterGroupNotFound")) return;
      throw during(`deleting RDS DB Parameter Group (${id})`, error);
    }
  },
};
