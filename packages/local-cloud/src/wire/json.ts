import type { NormalizedSchema } from "@smithy/core/schema";
import { malformed } from "./protocol.ts";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const memberName = (name: string, schema: NormalizedSchema): string =>
  schema.getMergedTraits().jsonName ?? name;

export function parseJson(text: string): Readonly<Record<string, unknown>> {
  if (text === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed("The request body is not JSON.");
  }
  if (!isRecord(value)) throw malformed("The request body is not a JSON object.");
  return value;
}

function fromScalar(schema: NormalizedSchema, value: unknown, name: string): unknown {
  if (schema.isBlobSchema() && typeof value === "string") return Buffer.from(value, "base64");
  if (schema.isTimestampSchema() && typeof value === "number") return new Date(value * 1000);
  const expected = schema.isStringSchema()
    ? "string"
    : schema.isBooleanSchema()
      ? "boolean"
      : schema.isNumericSchema()
        ? "number"
        : undefined;
  if (expected !== undefined && typeof value !== expected)
    throw malformed(`${name} must be a ${expected}.`);
  return value;
}

/** Reads a JSON value as the model describes it: blobs become bytes, times become dates, unknown members are dropped. */
export function fromJson(schema: NormalizedSchema, value: unknown, name: string): unknown {
  if (value === undefined || value === null) return undefined;
  if (schema.isStructSchema()) {
    if (!isRecord(value)) throw malformed(`${name} must be an object.`);
    const members = Object.entries(schema.getMemberSchemas()).map(([key, member]) => [
      key,
      fromJson(member, value[memberName(key, member)], key),
    ]);
    return Object.fromEntries(members.filter(([, member]) => member !== undefined));
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw malformed(`${name} must be a list.`);
    return value.map((item: unknown) => fromJson(schema.getValueSchema(), item, name));
  }
  if (schema.isMapSchema()) {
    if (!isRecord(value)) throw malformed(`${name} must be an object.`);
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, fromJson(schema.getValueSchema(), item, key)]),
    );
  }
  return fromScalar(schema, value, name);
}

/** Writes a result as the model describes it; what the model does not know is left out. */
export function toJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (schema.isStructSchema() && isRecord(value)) {
    const members = Object.entries(schema.getMemberSchemas()).map(([key, member]) => [
      memberName(key, member),
      toJson(member, value[key]),
    ]);
    return Object.fromEntries(members.filter(([, member]) => member !== undefined));
  }
  if (schema.isListSchema() && Array.isArray(value))
    return value.map((item: unknown) => toJson(schema.getValueSchema(), item));
  if (schema.isMapSchema() && isRecord(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, toJson(schema.getValueSchema(), item)]),
    );
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return value.getTime() / 1000;
  return value;
}
