import { markSensitive } from "./check.ts";
import { contractOf, type InputField } from "./contract.ts";
import { isBlank, sameValue } from "./equality.ts";
import { isMap, type PropertyMap, type PropertyValue, textMap } from "./property-values.ts";

/** AWS knows one set of tags; the state tells the resource's own from the provider's default ones. */
const withTags = (
  type: string,
  outputs: PropertyMap,
  state: PropertyMap,
  defaultTags: Readonly<Record<string, string>>,
): PropertyMap => {
  if (!contractOf(type).taggable) return outputs;
  const all = textMap(outputs, "tags");
  const own = textMap(state, "tags");
  const tags = Object.fromEntries(
    Object.entries(all).filter(([name, value]) => name in own || defaultTags[name] !== value),
  );
  return { ...outputs, tags, tagsAll: all };
};

export interface ReadOutputs {
  readonly type: string;
  readonly id: string;
  /** What the state had, or what was planned. */
  readonly state: PropertyMap;
  /** What AWS says. */
  readonly read: PropertyMap;
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
}

/** The resource's outputs: what AWS says over what only the state can know. */
export const outputsOf = (request: ReadOutputs): PropertyMap => {
  const { type, id, state, read, region, defaultTags } = request;
  const regional = contractOf(type).inputs["region"] !== undefined;
  const merged = { ...state, ...(regional ? { region } : {}), ...read };
  return { id, ...("tags" in read ? withTags(type, merged, state, defaultTags) : merged) };
};

export const markOutputs = (type: string, outputs: PropertyMap): PropertyMap =>
  markSensitive(contractOf(type), outputs);

/** An element as a program would write it: without what AWS computes, unless the old input spelled it out. */
const asInput = (
  field: InputField,
  value: PropertyValue | undefined,
  old: PropertyValue | undefined,
): PropertyValue | undefined => {
  const { fields } = field;
  if (!fields) return value;
  if (Array.isArray(value)) {
    return value.map((element, index) => {
      const partner = Array.isArray(old)
        ? (old.find((each) => sameValue({ ...field, type: "object" }, element, each)) ?? old[index])
        : undefined;
      return asInput(field, element, partner) ?? null;
    });
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(
      ([name, member]) =>
        (isMap(old) && old[name] !== undefined) ||
        (fields[name] !== undefined && !fields[name].computed && !isBlank(member)),
    ),
  );
};

/** What AWS computes gives way to what it conflicts with: a replica's user name, for example. */
const importedInputs = (type: string, outputs: PropertyMap): PropertyMap => {
  const inputs: PropertyMap = {};
  for (const [name, field] of Object.entries(contractOf(type).inputs)) {
    const conflict = field.computed && field.conflictsWith?.some((each) => !isBlank(outputs[each]));
    if (!field.writeOnly && !conflict && !isBlank(outputs[name])) {
      inputs[name] = asInput(field, outputs[name], undefined);
    }
  }
  return { ...inputs, __defaults: [] };
};

/**
 * The inputs that describe what AWS has: of an import all of them, of a refresh the ones that the program had set. Spellings
 * that mean the same stay as they were; the list of defaults goes.
 */
export const inputsFrom = (
  type: string,
  outputs: PropertyMap,
  oldInputs: PropertyMap | undefined,
): PropertyMap => {
  if (oldInputs === undefined) return importedInputs(type, outputs);
  const inputs: PropertyMap = {};
  for (const [name, field] of Object.entries(contractOf(type).inputs)) {
    const old = oldInputs[name];
    if (old === undefined) continue;
    if (field.writeOnly || sameValue(field, outputs[name], old)) inputs[name] = old;
    else if (!isBlank(outputs[name])) inputs[name] = asInput(field, outputs[name], old);
  }
  return inputs;
};
