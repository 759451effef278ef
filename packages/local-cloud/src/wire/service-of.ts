import type { ServiceName } from "../outages.ts";
import { type ApiModel, apiModels, type WireFormat } from "./api-model.ts";
import type { HttpRequest } from "./http-request.ts";
import { jsonProtocol } from "./json-protocol.ts";
import type { Protocol } from "./protocol.ts";
import { queryProtocol } from "./query-protocol.ts";
import { restJsonProtocol, restXmlProtocol } from "./rest-protocol.ts";
import { s3Protocol } from "./s3-protocol.ts";

const protocols: Readonly<Record<WireFormat, Protocol>> = {
  json: jsonProtocol,
  query: queryProtocol,
  "rest-json": restJsonProtocol,
  "rest-xml": restXmlProtocol,
  s3: s3Protocol,
};

const titles: Readonly<Partial<Record<ServiceName, string>>> = {
  ec2: "EC2",
  iam: "IAM",
  logs: "CloudWatchLogs",
};

/** Signing names that differ from the service's name here. */
const signingNames: Readonly<Record<string, ServiceName>> = { monitoring: "cloudwatch" };
const known: readonly ServiceName[] = [
  ...apiModels.map((model) => model.service),
  ...(Object.keys(titles) as ServiceName[]),
];

/** The service that a request is for, and how to talk to whoever sent it. */
export interface AddressedService {
  readonly name: ServiceName;
  readonly title: string;
  readonly model: ApiModel | undefined;
  readonly protocol: Protocol;
}

function guessFormat(request: HttpRequest): WireFormat {
  if (request.headers["x-amz-target"] !== undefined) return "json";
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("application/x-www-form-urlencoded") || request.query.has("Action"))
    return "query";
  return type.includes("json") ? "rest-json" : "rest-xml";
}

/** Any signed request belongs to a service, and those that have no model are answered in the format that they use themselves. */
export function serviceOf(signingName: string, request: HttpRequest): AddressedService {
  const name = signingNames[signingName] ?? known.find((service) => service === signingName);
  const model = apiModels.find((each) => each.service === name);
  return {
    name: name ?? "other",
    title: model?.title ?? (name && titles[name]) ?? signingName,
    model,
    protocol: protocols[model?.format ?? guessFormat(request)],
  };
}

/** An unsigned request names no service: what its format carries besides must tell. */
export function serviceOfUnsigned(request: HttpRequest): AddressedService {
  const marker =
    request.headers["x-amz-target"]?.split(".")[0] ??
    request.query.get("Version") ??
    new URLSearchParams(request.body.toString("utf8")).get("Version") ??
    request.path.split("/")[1];
  const model = apiModels.find((each) => each.marker === marker);
  return serviceOf(model?.service ?? "unknown", request);
}
