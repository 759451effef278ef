import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { secretError } from "../src/secret-faults.ts";

const named = (name: string, more: object = {}) =>
  Object.assign(new Error(`${name} said so`), { name, ...more });
const typed = (thrown: unknown) => secretError(thrown, "orders-prod/database", "us-west-2");

describe("secretError", () => {
  it.each([
    ["ResourceNotFoundException", "secret-not-found"],
    ["InvalidRequestException", "secret-deleted"],
    ["InvalidParameterException", "configuration"],
    ["ValidationException", "configuration"],
    ["UnknownOperationException", "configuration"],
    ["SerializationException", "configuration"],
    ["DecryptionFailure", "key-access-denied"],
    ["DecryptionFailureException", "key-access-denied"],
    ["InternalServiceError", "service-fault"],
    ["InternalServiceErrorException", "service-fault"],
    ["ServiceUnavailable", "service-fault"],
    ["AccessDeniedException", "secret-access-denied"],
    ["ThrottlingException", "throttled"],
    ["Throttling", "throttled"],
    ["TooManyRequestsException", "throttled"],
    ["RequestLimitExceeded", "throttled"],
    ["LimitExceededException", "throttled"],
    ["ExpiredTokenException", "credentials"],
    ["ExpiredToken", "credentials"],
    ["UnrecognizedClientException", "credentials"],
    ["InvalidClientTokenId", "credentials"],
    ["IncompleteSignature", "credentials"],
    ["MissingAuthenticationToken", "credentials"],
    ["CredentialsProviderError", "credentials"],
    ["TokenProviderError", "credentials"],
    ["InvalidSignatureException", "clock-skew"],
    ["SignatureDoesNotMatch", "clock-skew"],
    ["RequestExpired", "clock-skew"],
    ["RequestTimeTooSkewed", "clock-skew"],
    ["OptInRequired", "configuration"],
    ["NotAuthorized", "configuration"],
    ["UnrecognizedRegion", "configuration"],
    ["AbortError", "deadline"],
    ["TimeoutError", "deadline"],
  ])("types %s as %s and keeps the cause", (name, code) => {
    const thrown = named(name, { $metadata: { httpStatusCode: 400 } });
    expect(typed(thrown)).toMatchObject({ code, cause: thrown });
  });

  it.each([
    ["ENOTFOUND", "dns"],
    ["EAI_AGAIN", "dns"],
    ["ECONNREFUSED", "network"],
    ["EHOSTUNREACH", "network"],
    ["ENETUNREACH", "network"],
    ["ETIMEDOUT", "deadline"],
  ])("types the system's %s as %s", (code, expected) => {
    expect(typed(Object.assign(new Error("socket"), { code })).code).toBe(expected);
  });

  it("takes a reset socket for a network fault although the SDK names it TimeoutError", () => {
    expect(typed(named("TimeoutError", { code: "ECONNRESET" })).code).toBe("network");
  });

  it("tells the refusal of the KMS key from that of the secret", () => {
    const thrown = Object.assign(new Error("Access to KMS is not allowed"), {
      name: "AccessDeniedException",
    });
    expect(typed(thrown).code).toBe("key-access-denied");
  });

  it("looks into gathered errors and causes", () => {
    const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    expect(typed(new AggregateError([refused])).code).toBe("network");
    expect(typed(new Error("outer", { cause: named("ExpiredTokenException") })).code).toBe(
      "credentials",
    );
  });

  it.each([
    [429, "throttled"],
    [502, "service-fault"],
    [503, "service-fault"],
  ])("types an unknown error with status %d as %s", (httpStatusCode, code) => {
    expect(typed(named("Strange", { $metadata: { httpStatusCode } })).code).toBe(code);
  });

  it("takes an answer that is not JSON for a service fault and shows nothing of it", () => {
    let thrown: unknown;
    try {
      JSON.parse('{"SecretString":"hunter2",');
    } catch (error) {
      thrown = error;
    }
    Object.defineProperty(thrown, "$responseBodyText", { value: "hunter2" });
    const error = typed(thrown);
    expect(error.code).toBe("service-fault");
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain("hunter2");
  });

  it("tells the code by its name, which survives minification", () => {
    expect(typed(named("ThrottlingException")).name).toBe("AccessError [throttled]");
  });
});
