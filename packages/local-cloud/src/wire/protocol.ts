import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError, type Parameters } from "../service.ts";
import type { ApiModel, OperationModel } from "./api-model.ts";
import type { HttpAnswer, HttpRequest } from "./http-request.ts";

/** One of AWS's wire formats: from bytes to parameters and back. */
export interface Protocol {
  /** The operation's name as the request gives it; it need not exist. */
  operationName(model: ApiModel, request: HttpRequest): string;
  /** Throws `AwsError` for a request that the format cannot carry. */
  decode(operation: OperationModel, request: HttpRequest): Parameters;
  encode(model: ApiModel, operation: OperationModel, result: object, requestId: string): HttpAnswer;
  /** `model` is undefined for a service that has no model here. */
  encodeError(model: ApiModel | undefined, error: AwsError, requestId: string): HttpAnswer;
}

/** Services put the required members first and state how many they are. */
function requiredMembers(schema: NormalizedSchema): readonly string[] {
  if (!schema.isStructSchema()) return [];
  const structure = schema.getSchema() as unknown as readonly unknown[];
  const names = structure[4] as readonly string[];
  return names.slice(0, Number(structure[6] ?? 0));
}

export const missingMember = (parameters: Parameters, schema: NormalizedSchema) =>
  requiredMembers(schema).find((name) => parameters[name] === undefined);

export const malformed = (detail: string): AwsError =>
  new AwsError("SerializationException", detail);
