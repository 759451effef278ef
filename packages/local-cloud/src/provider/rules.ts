import { type InputField, type InputFields, terraformName } from "./contract.ts";
import { isMap, type PropertyMap, unknown } from "./property-values.ts";

/** Where a set of sibling properties sits: in Pulumi's spelling and in Terraform's. */
export interface Place {
  readonly pulumi: string;
  readonly terraform: string;
}

const isSet = (inputs: PropertyMap, name: string): boolean =>
  inputs[name] !== undefined && inputs[name] !== null;

const reason = (text: string, place: Place, name: string): string =>
  `${text}. Examine values at '${place.pulumi}.${name}'.`;

interface Rule {
  readonly name: string;
  readonly field: InputField;
  readonly fields: InputFields;
  readonly inputs: PropertyMap;
  readonly place: Place;
}

const spelled = ({ fields, place }: Rule, name: string): string =>
  place.terraform + terraformName(name, fields[name]);

const required = (rule: Rule): string[] =>
  rule.field.required && !isSet(rule.inputs, rule.name)
    ? [
        reason(
          `Missing required argument. The argument "${spelled(rule, rule.name)}" is required, but no definition was found.`,
          rule.place,
          rule.name,
        ),
      ]
    : [];

/** Each side that declares the conflict reports it; what is not known yet may still turn out to be unset. */
const conflicts = (rule: Rule): string[] => {
  const { inputs, name, field, place } = rule;
  if (!isSet(inputs, name) || inputs[name] === unknown) return [];
  return (field.conflictsWith ?? [])
    .filter((other) => isSet(inputs, other) && inputs[other] !== unknown)
    .map((other) =>
      reason(
        `Conflicting configuration arguments. "${spelled(rule, name)}": conflicts with ${spelled(rule, other)}`,
        place,
        name,
      ),
    );
};

const group = (names: readonly string[], rule: Rule) =>
  [...new Set([rule.name, ...names])].sort((left, right) =>
    spelled(rule, left) < spelled(rule, right) ? -1 : 1,
  );

const listed = (rule: Rule, names: readonly string[]) =>
  names.map((each) => spelled(rule, each)).join(",");

const exactlyOne = (rule: Rule): string[] => {
  const { field, inputs, name, place } = rule;
  if (!field.exactlyOneOf) return [];
  const names = group(field.exactlyOneOf, rule);
  const present = names.filter((each) => isSet(inputs, each));
  const known = present.filter((each) => inputs[each] !== unknown);
  const invalid = `Invalid combination of arguments. "${spelled(rule, name)}"`;
  if (known.length > 1) {
    const what = `only one of \`${listed(rule, names)}\` can be specified, but \`${listed(rule, known)}\` were specified`;
    return [reason(`${invalid}: ${what}`, place, name)];
  }
  if (present.length > 0) return [];
  return [reason(`${invalid}: one of \`${listed(rule, names)}\` must be specified`, place, name)];
};

const atLeastOne = (rule: Rule): string[] => {
  const { field, inputs, name, place } = rule;
  const names = group(field.atLeastOneOf ?? [], rule);
  if (!field.atLeastOneOf || names.some((each) => isSet(inputs, each))) return [];
  const what = `"${spelled(rule, name)}": one of \`${listed(rule, names)}\` must be specified`;
  return [reason(`Missing required argument. ${what}`, place, name)];
};

const allTogether = (rule: Rule): string[] => {
  const { field, inputs, name, place } = rule;
  if (!field.requiredWith || !isSet(inputs, name)) return [];
  const names = group(field.requiredWith, rule);
  if (names.every((each) => isSet(inputs, each))) return [];
  const what = `"${spelled(rule, name)}": all of \`${listed(rule, names)}\` must be specified`;
  return [reason(`Missing required argument. ${what}`, place, name)];
};

const unknownKeys = (fields: InputFields, inputs: PropertyMap, place: Place): string[] =>
  Object.keys(inputs)
    .filter((name) => !name.startsWith("__") && fields[name] === undefined && isSet(inputs, name))
    .map((name) => reason("Invalid or unknown key", place, name));

const inside = ({ field, inputs, name, place }: Rule, terraform: string): string[] => {
  const { fields } = field;
  const value = inputs[name];
  if (!fields || value === unknown) return [];
  const elements = Array.isArray(value) ? value : [value];
  return elements.flatMap((element, index) =>
    isMap(element)
      ? violations(fields, element, {
          pulumi: `${place.pulumi}.${name}${Array.isArray(value) ? `[${index}]` : ""}`,
          terraform: `${terraform}.${index}.`,
        })
      : [],
  );
};

/** Everything that Check objects to, in the provider's own words. */
export const violations = (
  fields: InputFields,
  inputs: PropertyMap,
  place: Place,
): readonly string[] => [
  ...unknownKeys(fields, inputs, place),
  ...Object.entries(fields).flatMap(([name, field]) => {
    const rule: Rule = { name, field, fields, inputs, place };
    return [
      ...required(rule),
      ...conflicts(rule),
      ...exactlyOne(rule),
      ...atLeastOne(rule),
      ...allTogether(rule),
      ...inside(rule, spelled(rule, name)),
    ];
  }),
];
