import { AwsError } from "../service.ts";
import type { HttpRequest } from "./http-request.ts";

/** What a signature says: who asks which service of which Region. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** Signing name, such as `secretsmanager` or `monitoring`. */
  readonly signingName: string;
}

const refusal = (isJson: boolean, code: string, message: string): AwsError =>
  isJson ? new AwsError(`${code}Exception`, message, 400) : new AwsError(code, message, 403);

/**
 * Reads the scope of an `Authorization` header (Signature Version 4). One URL serves all Regions and services, so the scope alone
 * tells them apart. Throws AWS's own refusals for a request without a signature, or with one that cannot be read.
 */
export function readCredentialScope(request: HttpRequest): CredentialScope {
  const isJson = request.headers["x-amz-target"] !== undefined;
  const header = request.headers["authorization"];
  if (header === undefined)
    throw refusal(isJson, "MissingAuthenticationToken", "Missing Authentication Token");
  const credential =
    /^AWS4-HMAC-SHA256 .*Credential=([^/,\s]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request\b/.exec(
      header,
    );
  const [, accessKeyId, , region, signingName] = credential ?? [];
  const isWhole = /SignedHeaders=[^,\s]+/.test(header) && /Signature=[0-9a-f]{64}/.test(header);
  if (!isWhole || !accessKeyId || !region || !signingName)
    throw refusal(
      isJson,
      "IncompleteSignature",
      "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters of Signature Version 4.",
    );
  return { accessKeyId, region, signingName };
}
