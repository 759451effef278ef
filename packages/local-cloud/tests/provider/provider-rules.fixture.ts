import { readFileSync } from "node:fs";
import type { PropertyMap, PropertyValue } from "../../src/provider/property-values.ts";

type Shape = string | readonly Shape[] | { readonly [name: string]: Shape };

/** What the AWS provider's schema says of one resource type; written down from its source, not from the stand-in's own table. */
export interface TypeRules {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly forceNew?: readonly string[];
  readonly computed?: readonly string[];
  readonly conflicts?: readonly (readonly [string, string])[];
  readonly requiredWith?: readonly (readonly [string, string])[];
  readonly exactlyOneOf?: readonly (readonly string[])[];
  readonly defaults?: Readonly<Record<string, PropertyValue>>;
  readonly secrets?: readonly string[];
  readonly autoName?: {
    readonly property: string;
    readonly maxLength: number;
    readonly separator: string;
    readonly prefix?: string;
  };
  /** In which order a replacement goes. */
  readonly replacesBy: string;
}

export const rulesOfTypes = Object.entries(
  JSON.parse(
    readFileSync(new URL("./provider-rules.fixture.json", import.meta.url), "utf8"),
  ) as Readonly<Record<string, TypeRules>>,
);

/** What a type needs besides: an "at least one of", and what only Diff asks for. */
const further: Readonly<Record<string, PropertyMap>> = {
  "aws:cloudwatch/eventRule:EventRule": { scheduleExpression: "rate(1 day)" },
  "aws:lambda/function:Function": { handler: "index.handler", runtime: "nodejs24.x" },
};

/** Two values of one shape that differ everywhere: the first, or the second. */
function sampleOf(shape: Shape, which: 0 | 1 = 0): PropertyValue {
  if (Array.isArray(shape)) return [sampleOf(shape[0] as Shape, which)];
  if (typeof shape === "object")
    return Object.fromEntries(
      Object.entries(shape).map(([name, inner]) => [
        name === "*" ? "key" : name,
        sampleOf(inner, which),
      ]),
    );
  if (shape === "number") return which + 1;
  if (shape === "boolean") return which === 0;
  return which === 0 ? "one" : "two";
}

const partnersOf = (rules: TypeRules, name: string): readonly string[] =>
  (rules.requiredWith ?? []).filter(([from]) => from === name).map(([, to]) => to);

const rivalsOf = (rules: TypeRules, name: string): readonly string[] => [
  ...(rules.conflicts ?? []).flatMap(([one, other]) =>
    one === name ? [other] : other === name ? [one] : [],
  ),
  ...(rules.exactlyOneOf ?? []).filter((group) => group.includes(name)).flat(),
];

/** The inputs with one more, with what it needs, and without what it excludes. */
export function withInput(
  rules: TypeRules,
  inputs: PropertyMap,
  name: string,
  which: 0 | 1 = 0,
): PropertyMap {
  const rivals = rivalsOf(rules, name).filter((rival) => rival !== name);
  const kept = Object.entries(inputs).filter(([each]) => !rivals.includes(each));
  let wanted: PropertyMap = Object.fromEntries(kept);
  wanted[name] = sampleOf(rules.inputs[name] ?? "string", which);
  for (const partner of partnersOf(rules, name))
    if (wanted[partner] === undefined) wanted = withInput(rules, wanted, partner);
  return wanted;
}

/** The least that a program has to say about a resource of the type. */
export function leastInputs(type: string, rules: TypeRules): PropertyMap {
  let inputs: PropertyMap = { ...further[type] };
  for (const name of rules.required ?? []) inputs = withInput(rules, inputs, name);
  for (const group of rules.exactlyOneOf ?? []) {
    const [simplest = ""] = [...group].sort(
      (one, other) =>
        Number(typeof rules.inputs[one] !== "string") -
        Number(typeof rules.inputs[other] !== "string"),
    );
    if (!group.some((name) => inputs[name] !== undefined))
      inputs = withInput(rules, inputs, simplest);
  }
  return inputs;
}
