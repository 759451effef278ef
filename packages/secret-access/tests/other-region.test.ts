import { describe, expect, it, vi } from "vitest";
import { asText, SecretReader, type SecretsClient } from "../src/index.ts";
import { FakeSecrets } from "./support/fake-secrets.ts";
import { events, fail, listenToEvents } from "./support/reader-under-test.ts";

describe("the copy of another Region", () => {
  const own = "arn:aws:secretsmanager:us-west-2:123456789012:secret:orders-prod/database-AbCdEf";
  const other = own.replace("us-west-2", "us-east-1");

  function reader(otherRegion?: string) {
    const secrets = new FakeSecrets();
    secrets.put("v1", ["AWSCURRENT"], "first");
    const asked: (string | undefined)[] = [];
    const client = {
      ...secrets.client,
      send: (command: { readonly input: { readonly SecretId?: string } }) => {
        asked.push(command.input.SecretId);
        return secrets.client.send(command as never);
      },
    } as unknown as SecretsClient;
    const place = { secretId: own, region: "us-west-2", ...(otherRegion ? { otherRegion } : {}) };
    return { secrets, asked, reader: new SecretReader({ ...place, decode: asText, client }) };
  }

  it("is read when it is asked for by name, and marked in the result and in every event", async () => {
    listenToEvents();
    const { asked, reader: abroad } = reader("us-east-1");
    const version = await abroad.get();
    await abroad.get();
    expect(asked).toEqual([other]);
    expect(version).toMatchObject({ otherRegion: "us-east-1" });
    expect(events.map(({ type, otherRegion }) => [type, otherRegion])).toEqual([
      ["other-region", "us-east-1"],
      ["hit", "us-east-1"],
    ]);
  });

  it("is never read by default, whatever becomes of the own one", async () => {
    const { asked, secrets, reader: home } = reader();
    expect(await home.get()).toMatchObject({ otherRegion: undefined });
    for (const name of ["InternalServiceError", "AccessDeniedException"]) {
      secrets.answer = fail(name);
      await home.refresh().catch(() => {});
    }
    expect(new Set(asked)).toEqual(new Set([own]));
  });

  it("has a client of that Region", async () => {
    const abroad = new SecretReader({
      secretId: own,
      region: "us-west-2",
      otherRegion: "eu-west-1",
    });
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
    const error = await abroad.get().catch((thrown: unknown) => thrown);
    vi.unstubAllEnvs();
    expect(String(error)).toContain(own.replace("us-west-2", "eu-west-1"));
    expect(
      () => new SecretReader({ secretId: own, region: "us-west-2", otherRegion: "x" }),
    ).toThrow("Region");
    abroad.close();
  });
});
