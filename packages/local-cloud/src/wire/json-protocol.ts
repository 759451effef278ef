import type { Parameters } from "../service.ts";
import { fromJson, parseJson, toJson } from "./json.ts";
import type { Protocol } from "./protocol.ts";

const contentType = "application/x-amz-json-1.1";

/** `X-Amz-Target` names the operation, both bodies are JSON objects (Secrets Manager, KMS). */
export const jsonProtocol: Protocol = {
  operationName: (_model, request) =>
    request.headers["x-amz-target"]?.split(".").at(-1) ?? "UnknownOperation",

  decode: (operation, request) =>
    fromJson(operation.input, parseJson(request.body.toString("utf8")), "request") as Parameters,

  encode: (_model, operation, result, requestId) => ({
    status: 200,
    headers: { "content-type": contentType, "x-amzn-requestid": requestId },
    body: operation.output.isStructSchema()
      ? JSON.stringify(toJson(operation.output, result) ?? {})
      : "",
  }),

  encodeError: (model, error, requestId) => ({
    status: error.status,
    headers: { "content-type": contentType, "x-amzn-requestid": requestId },
    // Secrets Manager writes "Message", KMS "message"; clients read both.
    body: JSON.stringify({
      __type: error.code,
      [model?.service === "kms" ? "message" : "Message"]: error.message,
    }),
  }),
};
