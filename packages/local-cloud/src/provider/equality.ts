import type { InputField } from "./contract.ts";
import { isArchive, isMap, type PropertyMap, type PropertyValue } from "./property-values.ts";

/** Terraform's SDK cannot tell an unset property from its type's zero value. */
export const isBlank = (value: PropertyValue | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  value === false ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0) ||
  (isMap(value) && Object.values(value).every((member) => member === undefined));

const sorted = (value: PropertyValue): PropertyValue => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => [key, sorted(member ?? null)]),
  );
};

const canonical = (value: PropertyValue | undefined): string =>
  JSON.stringify(sorted(value ?? null));

/** In policies one entry may stand alone or in a list, and a list's order says nothing. */
const policyNode = (value: PropertyValue): PropertyValue => {
  if (Array.isArray(value)) {
    const members = value.map(policyNode);
    if (members.length === 1) return members[0] ?? null;
    return members.sort((left, right) => (canonical(left) < canonical(right) ? -1 : 1));
  }
  if (!isMap(value)) return typeof value === "boolean" ? String(value) : value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, policyNode(member ?? null)]),
  );
};

export const equivalentJson = (left: PropertyValue | undefined, right: PropertyValue | undefined) =>
  left === right || canonicalJson(left) === canonicalJson(right);

const canonicalJson = (document: PropertyValue | undefined): string => {
  if (isBlank(document)) return "";
  if (typeof document !== "string") return canonical(policyNode(document ?? null));
  try {
    return canonical(policyNode(JSON.parse(document) as PropertyValue));
  } catch {
    return document;
  }
};

const scalarOf = (field: InputField, value: PropertyValue | undefined) => {
  if (isBlank(value)) return undefined;
  if (field.type === "number") return Number(value);
  if (field.type === "boolean") return value === true || value === "true" ? true : undefined;
  return value;
};

/** Each wanted element has a partner of its own in the state, in any order. */
const sameSet = (field: InputField, state: PropertyValue[], wanted: PropertyValue[]): boolean => {
  const left = [...state];
  return (
    state.length === wanted.length &&
    wanted.every((element) => {
      const partner = left.findIndex((candidate) => sameElement(field, candidate, element));
      if (partner >= 0) left.splice(partner, 1);
      return partner >= 0;
    })
  );
};

/** An element of a list or set. */
export const sameElement = (
  field: InputField,
  state: PropertyValue | undefined,
  wanted: PropertyValue | undefined,
): boolean =>
  field.fields && isMap(state) && isMap(wanted)
    ? sameObject(field, state, wanted)
    : canonical(state) === canonical(wanted);

const sameObject = (field: InputField, state: PropertyMap, wanted: PropertyMap): boolean =>
  Object.entries(field.fields ?? {}).every(
    ([name, member]) =>
      (member.computed === true && wanted[name] === undefined) ||
      sameValue(member, state[name], wanted[name] ?? member.default),
  );

/** Whether the state already says what is wanted, as far as Terraform's plan would tell them apart. */
export const sameValue = (
  field: InputField,
  state: PropertyValue | undefined,
  wanted: PropertyValue | undefined,
): boolean => {
  if (field.json) return equivalentJson(state, wanted);
  if (isArchive(state) && isArchive(wanted)) return state["hash"] === wanted["hash"];
  if (isBlank(state) && isBlank(wanted)) return true;
  if (field.type === "list") {
    const [left, right] = [asList(state), asList(wanted)];
    if (field.set) return sameSet(field, left, right);
    return (
      left.length === right.length &&
      left.every((element, index) => sameElement(field, element, right[index]))
    );
  }
  if (field.type === "object" && field.fields && isMap(state) && isMap(wanted)) {
    return sameObject(field, state, wanted);
  }
  if (field.type === "object" || field.type === "map" || field.type === "archive") {
    return canonical(state) === canonical(wanted);
  }
  return scalarOf(field, state) === scalarOf(field, wanted);
};

const asList = (value: PropertyValue | undefined): PropertyValue[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
