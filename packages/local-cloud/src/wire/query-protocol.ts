import type { NormalizedSchema } from "@smithy/core/schema";
import type { Parameters } from "../service.ts";
import type { HttpRequest } from "./http-request.ts";
import type { Protocol } from "./protocol.ts";
import { buildXml, fromText, toXml } from "./xml.ts";

const formOf = (request: HttpRequest): URLSearchParams =>
  request.method === "GET" ? request.query : new URLSearchParams(request.body.toString("utf8"));

const nameOf = (schema: NormalizedSchema, fallback: string): string =>
  schema.getMergedTraits().xmlName ?? fallback;

/** `Tags.Tag.1.Key=a`: a list's items are numbered from 1; older clients write `member` for every item's name. */
function readList(schema: NormalizedSchema, form: URLSearchParams, prefix: string): unknown {
  const item = schema.getValueSchema();
  if (form.get(prefix) === "") return [];
  for (const name of [nameOf(item, "member"), "member"]) {
    const items: unknown[] = [];
    for (let index = 1; ; index += 1) {
      const value = read(item, form, `${prefix}.${name}.${index}`);
      if (value === undefined) break;
      items.push(value);
    }
    if (items.length > 0) return items;
  }
  return undefined;
}

function read(schema: NormalizedSchema, form: URLSearchParams, prefix: string): unknown {
  if (schema.isListSchema()) return readList(schema, form, prefix);
  if (schema.isStructSchema()) {
    const members = Object.entries(schema.getMemberSchemas()).flatMap(([key, member]) => {
      const name = nameOf(member, key);
      const value = read(member, form, prefix === "" ? name : `${prefix}.${name}`);
      return value === undefined ? [] : [[key, value] as const];
    });
    return members.length === 0 ? undefined : Object.fromEntries(members);
  }
  const text = form.get(prefix);
  return text === null ? undefined : fromText(schema, text, prefix);
}

/** A form names the operation as `Action`, the answer is XML (RDS, STS, and EC2, IAM and CloudWatch for their errors). */
export const queryProtocol: Protocol = {
  operationName: (_model, request) => formOf(request).get("Action") ?? "UnknownOperation",

  decode: (operation, request) =>
    operation.input.isStructSchema()
      ? ((read(operation.input, formOf(request), "") ?? {}) as Parameters)
      : {},

  encode: (model, operation, result, requestId) => ({
    status: 200,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body: buildXml(`${operation.name}Response`, model.xmlNamespace, {
      ...(operation.output.isStructSchema()
        ? { [`${operation.name}Result`]: toXml(operation.output, result) ?? {} }
        : {}),
      ResponseMetadata: { RequestId: requestId },
    }),
  }),

  encodeError: (model, error, requestId) => ({
    status: error.status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body: buildXml("ErrorResponse", model?.xmlNamespace, {
      Error: {
        Type: error.status < 500 ? "Sender" : "Receiver",
        Code: error.code,
        Message: error.message,
      },
      RequestId: requestId,
    }),
  }),
};
