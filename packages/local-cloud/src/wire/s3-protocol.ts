import type { AwsError, Parameters } from "../service.ts";
import type { ApiModel, OperationModel } from "./api-model.ts";
import type { HttpAnswer, HttpRequest } from "./http-request.ts";
import type { Protocol } from "./protocol.ts";
import { restXmlProtocol } from "./rest-protocol.ts";
import { buildXml } from "./xml.ts";

/*
 * S3 is REST with XML bodies, and a way of its own to name things: the bucket is a host or the first part of the path, the rest of
 * the path is one key, and what is asked of a bucket or an object stands in the query.
 */

interface Address {
  readonly bucket: string | undefined;
  readonly key: string | undefined;
}

/** `<bucket>.localhost:1234` and `/<bucket>/<key>`: SDKs write the first unless the endpoint is an IP address. */
function addressOf({ path, headers }: HttpRequest): Address {
  const host = (headers["host"] ?? "").replace(/:\d+$/, "");
  const inHost = /^(.+)\.(?:localhost|s3\.[a-z0-9-]+\.amazonaws\.com)$/.exec(host)?.[1];
  const [first = "", ...rest] = path.slice(1).split("/");
  const bucket = inHost ?? (first === "" ? undefined : decodeURIComponent(first));
  const key = decodeURIComponent(inHost === undefined ? rest.join("/") : path.slice(1));
  return { bucket, key: key === "" ? undefined : key };
}

/** Query parameters that a template states, without the one that only helps to read logs. */
const statedFlags = (operation: OperationModel): readonly string[] =>
  [...new URLSearchParams(operation.http?.[1].split("?")[1] ?? "").keys()].filter(
    (name) => name !== "x-id",
  );

/** Names an operation needs in its address. */
const levelOf = (operation: OperationModel): "service" | "bucket" | "object" => {
  const members = operation.input.isStructSchema() ? operation.input.getMemberSchemas() : {};
  const path = operation.http?.[1].split("?")[0];
  return path?.includes("{Key+}") ? "object" : "Bucket" in members ? "bucket" : "service";
};

/** Of operations whose address differs in nothing else, the older one is meant when a mark of the newer is missing. */
const older: readonly string[] = ["ListObjects", "PutObject", "GetObject", "DeleteObject"];

function operationOf(model: ApiModel, request: HttpRequest): OperationModel | undefined {
  const { bucket, key } = addressOf(request);
  const level = key !== undefined ? "object" : bucket !== undefined ? "bucket" : "service";
  const fits = (operation: OperationModel) =>
    operation.http?.[0] === request.method &&
    levelOf(operation) === level &&
    statedFlags(operation).every((flag) => request.query.has(flag));
  const rank = (operation: OperationModel) =>
    statedFlags(operation).length * 2 + (older.includes(operation.name) ? 1 : 0);
  return [...model.operations.values()]
    .filter(fits)
    .filter(({ name }) => name !== "CopyObject" || "x-amz-copy-source" in request.headers)
    .sort((one, other) => rank(other) - rank(one))[0];
}

/** A body that was sent in signed pieces: each is its size, its bytes and a line break; checksums may follow the last. */
function wholeBody({ headers, body }: HttpRequest): Buffer {
  if (!(headers["x-amz-content-sha256"] ?? "").startsWith("STREAMING-")) return body;
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.toString("latin1", at, lineEnd), 16);
    if (lineEnd < 0 || !(size > 0)) break;
    pieces.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(pieces);
}

const metadataPrefix = "x-amz-meta-";

const metadataOf = (headers: HttpRequest["headers"]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(metadataPrefix))
      .map(([name, value]) => [name.slice(metadataPrefix.length), value]),
  );

function decode(operation: OperationModel, request: HttpRequest): Parameters {
  const { bucket, key } = addressOf(request);
  const parameters = restXmlProtocol.decode(operation, { ...request, body: wholeBody(request) });
  return {
    ...parameters,
    Metadata: metadataOf(request.headers),
    ...(bucket === undefined ? {} : { Bucket: bucket }),
    ...(key === undefined ? {} : { Key: key }),
  };
}

function encode(
  model: ApiModel,
  operation: OperationModel,
  result: object,
  requestId: string,
): HttpAnswer {
  const answer = restXmlProtocol.encode(model, operation, result, requestId);
  const { Metadata = {}, ContentLength = 0 } = result as {
    readonly Metadata?: Readonly<Record<string, string>>;
    readonly ContentLength?: number;
  };
  const metadata = Object.entries(Metadata).map(([name, value]) => [metadataPrefix + name, value]);
  const headers = {
    ...answer.headers,
    ...Object.fromEntries(metadata),
    "x-amz-request-id": requestId,
  };
  // HEAD tells the length of a body that is never sent.
  const body = operation.http?.[0] === "HEAD" ? Buffer.alloc(ContentLength) : answer.body;
  return { ...answer, headers, body };
}

function encodeError(_model: ApiModel | undefined, error: AwsError, requestId: string): HttpAnswer {
  return {
    status: error.status,
    headers: { "content-type": "application/xml", "x-amz-request-id": requestId },
    body: buildXml("Error", undefined, {
      Code: error.code,
      Message: error.message,
      RequestId: requestId,
    }),
  };
}

export const s3Protocol: Protocol = {
  operationName: (model, request) =>
    operationOf(model, request)?.name ?? `${request.method} ${request.path}`,
  decode,
  encode,
  encodeError,
};
