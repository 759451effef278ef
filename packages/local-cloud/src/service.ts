import type { ServiceName } from "./outages.ts";

/** A request's parameters with the names that AWS's API reference uses, whatever the wire format was. */
export type Parameters = Readonly<Record<string, unknown>>;

export interface CallContext {
  readonly region: string;
  readonly accountId: string;
  /** ARN of whoever signed the request. */
  readonly principal: string;
}

/** Throws `AwsError` to refuse. What it returns has the names of the API reference's response elements. */
export type Operation = (parameters: Parameters, context: CallContext) => Promise<object> | object;

/** A service is a map from operation to function; anything else is answered 501 `NotModelled`. */
export interface Service {
  readonly name: ServiceName;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** A refusal with AWS's own code, HTTP status and text. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
