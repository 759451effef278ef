import type { InputField } from "./contract.ts";
import { isBlank, sameElement, sameValue } from "./equality.ts";
import { isMap, type PropertyMap, type PropertyValue } from "./property-values.ts";

export interface Difference {
  /** Pulumi property path, such as `records[0]` or `tags.service`. */
  readonly path: string;
  readonly kind: "add" | "update" | "delete";
  readonly replaces: boolean;
}

interface Sides {
  readonly state: PropertyValue | undefined;
  readonly wanted: PropertyValue | undefined;
}

const kindOf = ({ state, wanted }: Sides, blankIsAbsent: boolean): Difference["kind"] => {
  const absent = (value: PropertyValue | undefined) =>
    blankIsAbsent ? isBlank(value) : value === undefined || value === null;
  if (absent(wanted)) return "delete";
  return absent(state) ? "add" : "update";
};

const key = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;

const listDifferences = (
  field: InputField,
  path: string,
  state: PropertyValue[],
  wanted: PropertyValue[],
) => {
  const missing = (from: PropertyValue[], value: PropertyValue, flip: boolean) =>
    !from.some((each) =>
      flip ? sameElement(field, value, each) : sameElement(field, each, value),
    );
  const changed = (index: number): Sides => {
    const [old, next] = [state[index], wanted[index]];
    if (!field.set) return { state: old, wanted: next };
    return {
      state: old !== undefined && missing(wanted, old, true) ? old : undefined,
      wanted: next !== undefined && missing(state, next, false) ? next : undefined,
    };
  };
  return Array.from({ length: Math.max(state.length, wanted.length) }, (_, index) => index)
    .filter((index) => {
      const sides = changed(index);
      return field.set
        ? sides.state !== undefined || sides.wanted !== undefined
        : !sameElement(field, sides.state, sides.wanted);
    })
    .map((index) => ({
      path: `${path}[${index}]`,
      kind: kindOf(changed(index), false),
      replaces: field.forceNew === true,
    }));
};

const mapDifferences = (field: InputField, path: string, state: PropertyMap, wanted: PropertyMap) =>
  [...new Set([...Object.keys(state), ...Object.keys(wanted)])]
    .filter((name) => JSON.stringify(state[name]) !== JSON.stringify(wanted[name]))
    .map((name) => ({
      path: path + key(name),
      kind: kindOf({ state: state[name], wanted: wanted[name] }, false),
      replaces: field.forceNew === true,
    }));

const objectDifferences = (
  field: InputField,
  path: string,
  state: PropertyMap,
  wanted: PropertyMap,
) =>
  Object.entries(field.fields ?? {}).flatMap(([name, member]): Difference[] => {
    const sides = { state: state[name], wanted: wanted[name] ?? member.default };
    const kept = member.computed === true && wanted[name] === undefined;
    return kept || sameValue(member, sides.state, sides.wanted)
      ? []
      : [
          {
            path: path + key(name),
            kind: kindOf(sides, true),
            replaces: field.forceNew === true || member.forceNew === true,
          },
        ];
  });

/** The places inside one property that differ. The property itself when it appears or goes as a whole. */
export const differencesOf = (field: InputField, path: string, sides: Sides): Difference[] => {
  const { state, wanted } = sides;
  const whole = [{ path, kind: kindOf(sides, true), replaces: field.forceNew === true }];
  if (isBlank(state) || isBlank(wanted)) return whole;
  let inner: Difference[] = [];
  if (Array.isArray(state) && Array.isArray(wanted)) {
    inner = listDifferences(field, path, state, wanted);
  } else if (isMap(state) && isMap(wanted)) {
    if (field.type === "map") inner = mapDifferences(field, path, state, wanted);
    if (field.type === "object") inner = objectDifferences(field, path, state, wanted);
  }
  return inner.length > 0 ? inner : whole;
};
