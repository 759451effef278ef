import type { Parameter } from "@aws-sdk/client-rds";
import type { DatabaseParameters } from "../data-planes.ts";
import type { TagMap } from "../tag-map.ts";
import { invalidCombination, invalidValue } from "./errors.ts";
import { defaultParameters, definedNames, definitionOf } from "./parameter-catalogue.ts";

export interface ParameterGroup {
  readonly region: string;
  readonly name: string;
  readonly family: string;
  readonly description: string;
  readonly tags: TagMap;
  /** Only what was changed. */
  readonly values: Map<string, string>;
  readonly applyMethods: Map<string, string>;
}

export const defaultGroupPrefix = "default.";
/** The engine's defaults under the group's own values. */
export const mergedParameters = (group: ParameterGroup): DatabaseParameters => ({
  ...defaultParameters,
  ...Object.fromEntries(group.values),
});

function isAllowed(value: string, allowed: string | undefined): boolean {
  return allowed === undefined || allowed.split(",").includes(value);
}

/** Throws what RDS refuses: a static parameter at once, a value out of range. */
export function checkParameter({ ParameterName, ParameterValue, ApplyMethod }: Parameter): void {
  if (!ParameterName || ParameterValue === undefined)
    throw invalidValue("The parameter name and value must be provided.");
  const { applyType, allowedValues } = definitionOf(ParameterName);
  if (applyType === "static" && ApplyMethod === "immediate")
    throw invalidCombination("cannot use immediate apply method for static parameter");
  if (!isAllowed(ParameterValue, allowedValues))
    throw invalidValue(
      `Invalid parameter value: ${ParameterValue} for: ${ParameterName} allowed values are: ${allowedValues}`,
    );
}

function describe(group: ParameterGroup, name: string): Parameter {
  const { applyType, dataType, defaultValue, allowedValues } = definitionOf(name);
  const changed = group.values.get(name);
  return {
    ParameterName: name,
    ParameterValue: changed ?? defaultValue,
    Source: changed === undefined ? "engine-default" : "user",
    ApplyType: applyType,
    DataType: dataType,
    AllowedValues: allowedValues,
    IsModifiable: true,
    ApplyMethod: (changed === undefined
      ? "pending-reboot"
      : (group.applyMethods.get(name) ?? "pending-reboot")) as Parameter["ApplyMethod"],
  };
}

export const describeParameters = (group: ParameterGroup): readonly Parameter[] =>
  [...new Set([...definedNames, ...group.values.keys()])].map((name) => describe(group, name));
