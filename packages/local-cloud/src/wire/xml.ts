import type { NormalizedSchema } from "@smithy/core/schema";
import { XMLBuilder, XMLParser } from "fast-xml-parser";
import { malformed } from "./protocol.ts";

/** A parsed or unwritten element: a text, elements by name, or several elements of one name. */
export type XmlNode = string | readonly XmlNode[] | { readonly [name: string]: XmlNode };

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  removeNSPrefix: true,
});
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@" });

export function parseXml(text: string): XmlNode {
  try {
    return parser.parse(text, true) as XmlNode;
  } catch {
    throw malformed("The request body is not well-formed XML.");
  }
}

export const buildXml = (root: string, namespace: string | undefined, content: object): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({
    [root]: namespace === undefined ? content : { "@xmlns": namespace, ...content },
  })}`;

const elementName = (schema: NormalizedSchema, fallback: string): string =>
  schema.getMergedTraits().xmlName ?? fallback;

const isFlat = (schema: NormalizedSchema): boolean =>
  schema.getMergedTraits().xmlFlattened !== undefined;

const asList = (node: XmlNode | undefined): readonly XmlNode[] =>
  node === undefined ? [] : Array.isArray(node) ? node : [node as XmlNode];

const child = (node: XmlNode, name: string): XmlNode | undefined =>
  typeof node === "object" && !Array.isArray(node)
    ? (node as Readonly<Record<string, XmlNode>>)[name]
    : undefined;

/** Reads the text of a Query parameter, an XML element, a header or a path label. */
export function fromText(schema: NormalizedSchema, text: string, name: string): unknown {
  if (schema.isBooleanSchema()) return text.toLowerCase() === "true";
  if (schema.isBlobSchema()) return Buffer.from(text, "base64");
  if (schema.isTimestampSchema()) return new Date(text);
  if (!schema.isNumericSchema()) return text;
  const number = Number(text);
  if (text.trim() === "" || Number.isNaN(number)) throw malformed(`${name} must be a number.`);
  return number;
}

export function toText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return String(value);
}

export function fromXml(schema: NormalizedSchema, node: XmlNode, name: string): unknown {
  if (schema.isStructSchema()) {
    const members = Object.entries(schema.getMemberSchemas()).flatMap(([key, member]) => {
      const found = child(node, elementName(member, key));
      return found === undefined ? [] : [[key, fromXml(member, found, key)] as const];
    });
    return Object.fromEntries(members);
  }
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const items = isFlat(schema) ? asList(node) : asList(child(node, elementName(item, "member")));
    return items.map((each) => fromXml(item, each, name));
  }
  return fromText(schema, typeof node === "string" ? node : "", name);
}

/** The node of a value, or undefined when there is nothing to write. */
export function toXml(schema: NormalizedSchema, value: unknown): XmlNode | undefined {
  if (value === undefined || value === null) return undefined;
  if (schema.isStructSchema()) {
    const fields = value as Readonly<Record<string, unknown>>;
    const members = Object.entries(schema.getMemberSchemas()).flatMap(([key, member]) => {
      const node = toXml(member, fields[key]);
      return node === undefined ? [] : [[elementName(member, key), node] as const];
    });
    return Object.fromEntries(members);
  }
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const nodes = (value as readonly unknown[]).flatMap((each) => toXml(item, each) ?? []);
    return isFlat(schema) ? nodes : { [elementName(item, "member")]: nodes };
  }
  return toText(value);
}
