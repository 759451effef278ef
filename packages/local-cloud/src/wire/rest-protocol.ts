import type { NormalizedSchema } from "@smithy/core/schema";
import type { AwsError, Parameters } from "../service.ts";
import type { ApiModel, OperationModel } from "./api-model.ts";
import type { HttpAnswer, HttpRequest } from "./http-request.ts";
import { fromJson, parseJson, toJson } from "./json.ts";
import type { Protocol } from "./protocol.ts";
import { matchPath, routeOf } from "./rest-route.ts";
import { buildXml, fromText, fromXml, parseXml, toText, toXml, type XmlNode } from "./xml.ts";

/** How a REST service writes what is not in the path, the query or a header. */
interface BodyFormat {
  readonly contentType: string;
  read(schema: NormalizedSchema, text: string): Parameters;
  write(model: ApiModel, operation: OperationModel, result: object): string;
  error(model: ApiModel | undefined, error: AwsError, requestId: string): HttpAnswer;
}

const isBound = (member: NormalizedSchema): boolean => {
  const traits = member.getMergedTraits();
  return [
    traits.httpLabel,
    traits.httpQuery,
    traits.httpHeader,
    traits.httpPrefixHeaders,
    traits.httpPayload,
    traits.httpResponseCode,
  ].some((trait) => trait !== undefined);
};

const membersOf = (schema: NormalizedSchema): readonly (readonly [string, NormalizedSchema])[] =>
  schema.isStructSchema() ? Object.entries(schema.getMemberSchemas()) : [];

/** The whole body is one member: bytes, a text, or a structure of its own. */
function readPayload(format: BodyFormat, member: NormalizedSchema, body: Buffer): unknown {
  if (member.isBlobSchema()) return body;
  const text = body.toString("utf8");
  if (!member.isStructSchema()) return text;
  return text === "" ? undefined : format.read(member, text);
}

function readBound(
  format: BodyFormat,
  name: string,
  member: NormalizedSchema,
  request: HttpRequest,
  labels: Readonly<Record<string, string>>,
): unknown {
  const traits = member.getMergedTraits();
  if (traits.httpPayload) return readPayload(format, member, request.body);
  if (traits.httpQuery && member.isListSchema()) {
    const texts = request.query.getAll(traits.httpQuery);
    return texts.length === 0
      ? undefined
      : texts.map((text) => fromText(member.getValueSchema(), text, name));
  }
  const text = traits.httpLabel
    ? labels[name]
    : traits.httpQuery
      ? (request.query.get(traits.httpQuery) ?? undefined)
      : request.headers[(traits.httpHeader ?? "").toLowerCase()];
  return text === undefined ? undefined : fromText(member, text, name);
}

function decode(format: BodyFormat, operation: OperationModel, request: HttpRequest): Parameters {
  const members = membersOf(operation.input);
  const labels = matchPath(operation.http?.[1] ?? "", request.path) ?? {};
  const bound = members
    .filter(([, member]) => isBound(member))
    .map(([name, member]) => [name, readBound(format, name, member, request, labels)] as const)
    .filter(([, value]) => value !== undefined);
  const inBody = members.some(([, member]) => !isBound(member));
  const text = inBody ? request.body.toString("utf8") : "";
  return {
    ...(text === "" ? {} : format.read(operation.input, text)),
    ...Object.fromEntries(bound),
  };
}

function encode(
  format: BodyFormat,
  model: ApiModel,
  operation: OperationModel,
  result: object,
  requestId: string,
): HttpAnswer {
  const fields = result as Readonly<Record<string, unknown>>;
  const headers: Record<string, string> = { "x-amzn-requestid": requestId };
  let status = operation.http?.[2] ?? 200;
  let payload: string | Uint8Array | undefined;
  for (const [name, member] of membersOf(operation.output)) {
    const traits = member.getMergedTraits();
    const value = fields[name];
    if (value === undefined) continue;
    if (traits.httpHeader) headers[traits.httpHeader.toLowerCase()] = headerText(value);
    else if (traits.httpResponseCode) status = Number(value);
    else if (traits.httpPayload)
      payload = member.isStructSchema()
        ? format.write(model, { ...operation, output: member }, value as object)
        : (value as string | Uint8Array);
  }
  if (payload !== undefined)
    return { status, headers: { "content-type": format.contentType, ...headers }, body: payload };
  const body = status === 204 ? "" : format.write(model, operation, result);
  return { status, headers: { ...headers, "content-type": format.contentType }, body };
}

const headerText = (value: unknown): string =>
  value instanceof Date ? value.toUTCString() : toText(value);

const unbound = (schema: NormalizedSchema, result: object): object =>
  Object.fromEntries(
    Object.entries(result).filter(([name]) => {
      const member = membersOf(schema).find(([key]) => key === name);
      return member !== undefined && !isBound(member[1]);
    }),
  );

const restProtocol = (format: BodyFormat): Protocol => ({
  operationName: (model, request) =>
    routeOf(model, request.method, request.path)?.name ?? `${request.method} ${request.path}`,
  decode: (operation, request) => decode(format, operation, request),
  encode: (model, operation, result, requestId) =>
    encode(format, model, operation, result, requestId),
  encodeError: (model, error, requestId) => format.error(model, error, requestId),
});

/** Method and path name the operation, bodies are XML (Route 53). */
export const restXmlProtocol = restProtocol({
  contentType: "text/xml",
  read: (schema, text) => {
    const [content] = Object.entries(parseXml(text))
      .filter(([name]) => !name.startsWith("?"))
      .map(([, node]) => node as XmlNode);
    return fromXml(schema, content ?? {}, "request") as Parameters;
  },
  write: (model, operation, result) =>
    buildXml(
      operation.output.getMergedTraits().xmlName ?? `${operation.name}Response`,
      model.xmlNamespace,
      (toXml(operation.output, unbound(operation.output, result)) ?? {}) as object,
    ),
  error: (model, error, requestId) => ({
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
});

/** Method and path name the operation, bodies are JSON (Lambda). */
export const restJsonProtocol = restProtocol({
  contentType: "application/json",
  read: (schema, text) => fromJson(schema, parseJson(text), "request") as Parameters,
  write: (_model, operation, result) =>
    operation.output.isStructSchema()
      ? JSON.stringify(toJson(operation.output, unbound(operation.output, result)) ?? {})
      : "",
  error: (_model, error, requestId) => ({
    status: error.status,
    headers: {
      "content-type": "application/json",
      "x-amzn-requestid": requestId,
      "x-amzn-errortype": error.code,
    },
    body: JSON.stringify({
      Type: error.status < 500 ? "User" : "Service",
      Message: error.message,
    }),
  }),
});
