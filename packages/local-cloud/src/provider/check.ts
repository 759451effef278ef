import { createHash } from "node:crypto";
import type { InputField, InputFields, ResourceContract } from "./contract.ts";
import {
  defaultsKey,
  isMap,
  type PropertyMap,
  type PropertyValue,
  secret,
  textMap,
  unknown,
} from "./property-values.ts";
import { violations } from "./rules.ts";

export interface CheckRequest {
  readonly contract: ResourceContract;
  /** The resource's logical name. */
  readonly name: string;
  readonly oldInputs: PropertyMap;
  readonly inputs: PropertyMap;
  readonly randomSeed: Uint8Array;
  /** A physical name that the engine's own auto-naming configuration proposes. */
  readonly proposedName?: string;
  readonly providerRegion: string;
  readonly defaultTags: Readonly<Record<string, string>>;
}

export interface CheckResult {
  readonly inputs: PropertyMap;
  readonly failures: readonly string[];
}

/** Absent on the global services' types. */
const withRegion = ({ contract, inputs, providerRegion }: CheckRequest): PropertyMap =>
  contract.inputs["region"] && inputs["region"] === undefined
    ? { ...inputs, region: providerRegion }
    : { ...inputs };

const withTagsAll = (request: CheckRequest, inputs: PropertyMap): PropertyMap => {
  if (!request.contract.taggable) return inputs;
  if (inputs["tags"] === unknown) return { ...inputs, tagsAll: unknown };
  const tagsAll = { ...request.defaultTags, ...textMap(inputs, "tags") };
  return Object.keys(tagsAll).length === 0 ? inputs : { ...inputs, tagsAll };
};

const automaticName = ({ contract, name, randomSeed, proposedName }: CheckRequest): string => {
  const { prefix = "", separator = "-", maxLength = 255 } = contract.autoName ?? {};
  if (proposedName) return prefix + proposedName;
  const random = createHash("sha256").update(randomSeed).digest("hex").slice(0, 7);
  const room = maxLength - prefix.length - separator.length - random.length;
  return `${prefix}${name.slice(0, room)}${separator}${random}`;
};

/**
 * An old default lives on. After a refresh no list of defaults is left: an automatic name is kept then too, or every
 * resource would be renamed.
 */
const keptDefault = (
  oldInputs: PropertyMap,
  name: string,
  automatic: boolean,
): PropertyValue | undefined => {
  const old = oldInputs[defaultsKey];
  const kept = Array.isArray(old) ? old.includes(name) : automatic;
  return kept ? oldInputs[name] : undefined;
};

const staticDefault = (field: InputField, inputs: PropertyMap): PropertyValue | undefined => {
  const conflict = (field.conflictsWith ?? []).some((other) => inputs[other] !== undefined);
  return conflict || !field.default ? undefined : field.default;
};

const nestedWithDefaults = (
  field: InputField,
  value: PropertyValue | undefined,
  old: PropertyValue | undefined,
): PropertyValue | undefined => {
  const { fields } = field;
  if (!fields) return value;
  if (Array.isArray(value)) {
    return value.map((element, index) =>
      isMap(element)
        ? withDefaults(fields, element, asMap(Array.isArray(old) ? old[index] : undefined), {})
        : element,
    );
  }
  return isMap(value) ? withDefaults(fields, value, asMap(old), {}) : value;
};

const asMap = (value: PropertyValue | undefined): PropertyMap => (isMap(value) ? value : {});

/** Fills in what is unset and writes the list of what was filled in, on this object and on every nested one. */
const withDefaults = (
  fields: InputFields,
  inputs: PropertyMap,
  oldInputs: PropertyMap,
  dynamic: Readonly<Record<string, string>>,
): PropertyMap => {
  const complete: PropertyMap = { ...inputs };
  const filledIn: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (complete[name] === undefined || complete[name] === null) {
      const fallback = dynamic[name] ?? staticDefault(field, inputs);
      if (fallback === undefined) continue;
      complete[name] = keptDefault(oldInputs, name, name in dynamic) ?? fallback;
      filledIn.push(name);
    } else complete[name] = nestedWithDefaults(field, complete[name], oldInputs[name]);
  }
  complete[defaultsKey] = filledIn.sort();
  return complete;
};

const autoNames = (request: CheckRequest, inputs: PropertyMap): Record<string, string> => {
  const { autoName, inputs: fields } = request.contract;
  if (!autoName) return {};
  const given = fields[autoName.property]?.conflictsWith?.some((other) => inputs[other]);
  return given ? {} : { [autoName.property]: automaticName(request) };
};

export const markSensitive = (contract: ResourceContract, properties: PropertyMap): PropertyMap =>
  Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      contract.inputs[name]?.sensitive && value !== undefined && value !== null
        ? secret(value)
        : value,
    ]),
  );

/** What the provider makes of a program's inputs before it compares anything. No AWS call. */
export const check = (request: CheckRequest): CheckResult => {
  const { contract, name, oldInputs } = request;
  const prepared = withTagsAll(request, withRegion(request));
  const failures = violations(contract.inputs, prepared, { pulumi: name, terraform: "" });
  const complete = withDefaults(contract.inputs, prepared, oldInputs, autoNames(request, prepared));
  return { inputs: markSensitive(contract, complete), failures };
};
