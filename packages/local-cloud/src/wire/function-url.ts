import { NormalizedSchema } from "@smithy/core/schema";
import type { FunctionUrlCall } from "../lambda/function-url-event.ts";
import type { ApiModel } from "./api-model.ts";
import type { HttpAnswer, HttpRequest } from "./http-request.ts";
import type { Protocol } from "./protocol.ts";
import type { AddressedService } from "./service-of.ts";

const host = /^([a-z0-9]+)\.lambda-url\.[a-z0-9-]+\.on\.aws(?::\d+)?$/;

const urlIdOf = ({ headers }: HttpRequest): string | undefined =>
  host.exec(headers["host"] ?? "")?.[1];

const name = "InvokeFunctionUrl";

/** No operation of Lambda's API: the request is whatever the function's caller says. */
const document = NormalizedSchema.of(15);
const model: ApiModel = {
  service: "lambda",
  title: "Lambda",
  format: "rest-json",
  marker: "",
  operations: new Map([[name, { name, input: document, output: document, http: undefined }]]),
};

const protocol: Protocol = {
  operationName: () => name,
  decode: (_operation, request) => {
    const { method, path, query, headers, body } = request;
    const call: FunctionUrlCall = {
      urlId: urlIdOf(request) ?? "",
      method,
      path,
      query,
      headers,
      body,
    };
    return { ...call };
  },
  encode: (_model, _operation, result) => result as HttpAnswer,
  encodeError: (_model, error, requestId) => ({
    status: error.status,
    headers: {
      "content-type": "application/json",
      "x-amzn-requestid": requestId,
      "x-amzn-errortype": error.code,
    },
    body: JSON.stringify({ Message: error.message }),
  }),
};

/** The service behind the address of a function, known by its host name alone. */
export const functionUrlOf = (request: HttpRequest): AddressedService | undefined =>
  urlIdOf(request) === undefined ? undefined : { name: "lambda", title: "Lambda", model, protocol };
