import { inspect } from "node:util";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { asText, SecretReader } from "../src/index.ts";
import { failure, json, reset, SecretsEndpoint, silence } from "./support/secrets-endpoint.ts";

const arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:orders-prod/database-AbCdEf";
const value = {
  ARN: arn,
  Name: "orders-prod/database",
  VersionId: "2c1f5a3e-8d1b-4f0e-9a36-5f2b7c1d0e44",
  VersionStages: ["AWSCURRENT"],
  SecretString: "hunter2",
  CreatedDate: 1_795_478_400.5,
};

let endpoint: SecretsEndpoint;
beforeAll(async () => {
  endpoint = await SecretsEndpoint.start(silence);
});
afterAll(() => endpoint.stop());
beforeEach(() => {
  endpoint.calls = 0;
  vi.stubEnv("AWS_ENDPOINT_URL", endpoint.url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
});

/** The reader with the client that it makes itself: the SDK's retries and timeouts are part of what is tried. */
async function read(deadlineMillis = 3_000) {
  const reader = new SecretReader({
    secretId: arn,
    region: "us-west-2",
    decode: asText,
    times: { deadlineMillis },
  });
  try {
    return await reader.get();
  } finally {
    reader.close();
  }
}

describe("the SDK's client", () => {
  it("gives the value, its id and its stages", async () => {
    endpoint.answer = json(200, value);
    const version = await read();
    expect(version.value).toBe("hunter2");
    expect(version).toMatchObject({
      arn,
      versionId: value.VersionId,
      versionStages: ["AWSCURRENT"],
    });
  });

  it.each([
    [
      400,
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret.",
      "secret-not-found",
      1,
    ],
    [
      400,
      "InvalidRequestException",
      "You can't perform this operation on the secret because it was marked for deletion.",
      "secret-deleted",
      1,
    ],
    [
      400,
      "AccessDeniedException",
      "User: arn:aws:iam::123456789012:user/x is not authorized to perform: secretsmanager:GetSecretValue",
      "secret-access-denied",
      1,
    ],
    [400, "AccessDeniedException", "Access to KMS is not allowed", "key-access-denied", 1],
    [
      400,
      "DecryptionFailure",
      "Secrets Manager can't decrypt the protected secret text",
      "key-access-denied",
      1,
    ],
    [
      400,
      "ExpiredTokenException",
      "The security token included in the request is expired",
      "credentials",
      2,
    ],
    [
      400,
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
      "credentials",
      2,
    ],
    [400, "ValidationException", "1 validation error detected", "configuration", 1],
    [500, "InternalServiceError", "An error occurred on the server side.", "service-fault", 2],
    [400, "ThrottlingException", "Rate exceeded", "throttled", 2],
  ])(
    "fails with %d %s as it comes on the wire (%s) as %s after %d calls",
    async (status, type, text, code, calls) => {
      endpoint.answer = failure(status, type, text);
      await expect(read()).rejects.toMatchObject({ code });
      expect(endpoint.calls).toBe(calls);
    },
  );

  it("ends at the deadline when the endpoint is silent", async () => {
    endpoint.answer = silence;
    const started = performance.now();
    await expect(read(300)).rejects.toMatchObject({ code: "deadline" });
    expect(performance.now() - started).toBeLessThan(350);
  });

  it("says network when the connection is cut", async () => {
    endpoint.answer = reset;
    await expect(read()).rejects.toMatchObject({ code: "network" });
  });

  it("says network when nobody listens", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    await expect(read()).rejects.toMatchObject({ code: "network" });
  });

  it("shows nothing of an answer that is cut in the middle of the value", async () => {
    endpoint.answer = json(200, '{"SecretString":"hunter2');
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "service-fault" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hunter2");
  });

  it("takes an HTML page of a proxy for a service fault", async () => {
    endpoint.answer = json(503, "<html>hunter2</html>");
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "service-fault" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hunter2");
  });

  it("is not closed by the reader when the caller gave it", async () => {
    endpoint.answer = json(200, value);
    const client = new SecretsManagerClient({ region: "us-west-2" });
    const destroy = vi.spyOn(client, "destroy");
    const reader = new SecretReader({ secretId: arn, region: "us-west-2", decode: asText, client });
    await reader.get();
    reader.close();
    expect(destroy).not.toHaveBeenCalled();
    client.destroy();
  });

  it("ends a call in flight when the reader is closed", async () => {
    const reader = new SecretReader({ secretId: arn, region: "us-west-2", decode: asText });
    endpoint.answer = () => reader.close();
    await expect(reader.get()).rejects.toMatchObject({ code: "configuration" });
  });
});
