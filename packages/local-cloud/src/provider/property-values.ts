import structMessages from "google-protobuf/google/protobuf/struct_pb.js";

/** A property as the engine sends it: JSON with wrapped secrets, assets and a sentinel for values that are not known yet. */
export type PropertyValue = null | boolean | number | string | PropertyValue[] | PropertyMap;
export interface PropertyMap {
  [key: string]: PropertyValue | undefined;
}

type Struct = structMessages.Struct;

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
/** What stands for a string, number or object that only the update itself will know. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Lists, on every object, which properties Check filled in. */
export const defaultsKey = "__defaults";

export const isMap = (value: PropertyValue | undefined): value is PropertyMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSecret = (value: PropertyValue | undefined): boolean =>
  isMap(value) && value[signatureKey] === secretSignature;

export const isArchive = (value: PropertyValue | undefined): value is PropertyMap =>
  isMap(value) && value[signatureKey] === archiveSignature;

export const secret = (value: PropertyValue): PropertyMap => ({
  [signatureKey]: secretSignature,
  value,
});

export const containsUnknown = (value: PropertyValue | undefined): boolean => {
  if (value === unknown) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isMap(value) && Object.values(value).some(containsUnknown);
};

/** A deep copy without secret wrappers and without absent members. */
const reveal = (value: PropertyValue): PropertyValue => {
  if (Array.isArray(value)) return value.map(reveal);
  if (!isMap(value)) return value;
  return isSecret(value) ? reveal(value["value"] ?? null) : revealMap(value);
};

const revealMap = (map: PropertyMap): PropertyMap => {
  const plain: PropertyMap = {};
  for (const [key, value] of Object.entries(map)) {
    if (value !== undefined) plain[key] = reveal(value);
  }
  return plain;
};

/** A deep copy without the lists of defaults: what AWS and comparisons are about. */
const withoutDefaults = (value: PropertyValue): PropertyValue => {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  return isMap(value) ? mapWithoutDefaults(value) : value;
};

export const mapWithoutDefaults = (map: PropertyMap): PropertyMap => {
  const plain: PropertyMap = {};
  for (const [key, value] of Object.entries(map)) {
    if (key !== defaultsKey && value !== undefined) plain[key] = withoutDefaults(value);
  }
  return plain;
};

const messageOf = (value: PropertyValue): structMessages.Value => {
  const message = new structMessages.Value();
  if (value === null) message.setNullValue(structMessages.NullValue.NULL_VALUE);
  else if (typeof value === "boolean") message.setBoolValue(value);
  else if (typeof value === "number") message.setNumberValue(value);
  else if (typeof value === "string") message.setStringValue(value);
  else if (Array.isArray(value)) {
    const list = new structMessages.ListValue();
    list.setValuesList(value.map(messageOf));
    message.setListValue(list);
  } else message.setStructValue(structOf(value));
  return message;
};

export const structOf = (map: PropertyMap): Struct => {
  const struct = new structMessages.Struct();
  for (const [key, value] of Object.entries(map)) {
    if (value !== undefined) struct.getFieldsMap().set(key, messageOf(value));
  }
  return struct;
};

/** Plain values: the engine strips secrets before it calls, and whatever is still wrapped is unwrapped here. */
export const mapOf = (struct: Struct | undefined): PropertyMap =>
  struct === undefined ? {} : revealMap(struct.toJavaScript() as PropertyMap);

export const text = (map: PropertyMap, key: string): string | undefined => {
  const value = map[key];
  return typeof value === "string" && value !== "" ? value : undefined;
};

/** For properties that Check has made sure of, and outputs that every earlier step wrote. */
export const requiredText = (map: PropertyMap, key: string): string => {
  const value = text(map, key);
  if (value === undefined) throw new Error(`"${key}": required field is not set`);
  return value;
};

export const number = (map: PropertyMap, key: string): number | undefined => {
  const value = map[key];
  if (typeof value === "number") return value;
  return typeof value === "string" && value !== "" && Number.isFinite(Number(value))
    ? Number(value)
    : undefined;
};

export const flag = (map: PropertyMap, key: string): boolean | undefined => {
  const value = map[key];
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : undefined;
};

export const texts = (map: PropertyMap, key: string): string[] => {
  const value = map[key];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
};

export const maps = (map: PropertyMap, key: string): PropertyMap[] => {
  const value = map[key];
  return Array.isArray(value) ? value.filter(isMap) : [];
};

export const nested = (map: PropertyMap, key: string): PropertyMap | undefined => {
  const value = map[key];
  return isMap(value) ? value : undefined;
};

/** A map of strings, such as tags or environment variables. */
export const textMap = (map: PropertyMap, key: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(nested(map, key) ?? {})
      .filter(([name, value]) => name !== defaultsKey && value !== undefined && value !== null)
      .map(([name, value]) => [name, String(value)]),
  );
