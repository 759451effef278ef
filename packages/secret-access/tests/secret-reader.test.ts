import { describe, expect, it } from "vitest";
import { asText, SecretReader } from "../src/index.ts";
import { code, events, fail, listenToEvents, minute, setUp } from "./support/reader-under-test.ts";

describe("reading", () => {
  it("asks for the stage AWSCURRENT by name and tells which version came", async () => {
    const { reader, secrets, clock } = setUp();
    const version = await reader.get();
    expect(secrets.calls).toEqual(["AWSCURRENT"]);
    expect(version.value).toBe("first");
    expect(version).toMatchObject({
      arn: secrets.arn,
      versionId: "v1",
      versionStages: ["AWSCURRENT"],
      readAt: clock.now,
    });
  });

  it("refuses another Region's ARN and a Region that is none before any call", () => {
    const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf";
    expect(() => new SecretReader({ secretId: arn, region: "us-west-2" })).toThrow("us-east-1");
    expect(() => new SecretReader({ secretId: "a", region: "west" })).toThrow("region");
    expect(() => new SecretReader({ secretId: "", region: "us-west-2" })).toThrow("secretId");
  });

  it("makes one call for a thousand first gets", async () => {
    const { reader, secrets } = setUp();
    const found = await Promise.all(Array.from({ length: 1_000 }, () => reader.get()));
    expect(new Set(found).size).toBe(1);
    expect(secrets.calls).toHaveLength(1);
  });

  it("ends within the deadline when Secrets Manager does not answer", async () => {
    const { reader, secrets } = setUp(asText, { deadlineMillis: 50 });
    secrets.answer = () => new Promise(() => {});
    expect(await code(reader.get())).toBe("deadline");
  });

  it("keeps the stages and ids apart", async () => {
    const { reader, secrets } = setUp();
    secrets.put("v2", ["AWSPENDING"], "second");
    expect((await reader.get()).value).toBe("first");
    expect((await reader.get({ versionStage: "AWSPENDING" })).value).toBe("second");
    expect((await reader.get({ versionId: "v1" })).value).toBe("first");
    expect((await reader.get()).value).toBe("first");
    expect(secrets.calls).toEqual(["AWSCURRENT", "AWSPENDING", "v1"]);
  });

  it("keeps a bounded number of versions by id", async () => {
    const { reader, secrets } = setUp();
    const ids = Array.from({ length: 40 }, (_, index) => `id-${index}`);
    for (const id of ids) {
      secrets.put(id, [], id);
      await reader.get({ versionId: id });
    }
    const kept = ids.filter((id) => reader.peek({ versionId: id }));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThanOrEqual(16);
  });
});

describe("refresh", () => {
  it("reads although the value is fresh, once for all callers", async () => {
    const { reader, secrets } = setUp();
    await reader.get();
    secrets.put("v1", ["AWSCURRENT"], "changed");
    const found = await Promise.all(Array.from({ length: 100 }, () => reader.refresh()));
    expect(new Set(found.map(({ value }) => value))).toEqual(new Set(["changed"]));
    expect(secrets.calls).toHaveLength(2);
  });

  it("keeps the old value when it fails, and does not ask again at once", async () => {
    const { reader, secrets } = setUp();
    await reader.get();
    secrets.answer = fail("InternalServiceError");
    expect(await code(reader.refresh())).toBe("service-fault");
    expect(await code(reader.refresh())).toBe("service-fault");
    expect(secrets.calls).toHaveLength(2);
    expect((await reader.get()).value).toBe("first");
  });
});

describe("events", () => {
  it("tell what happened and hold no value", async () => {
    listenToEvents();
    const { reader, secrets, clock } = setUp();
    await reader.get();
    await reader.get();
    clock.now += minute;
    secrets.answer = fail("ThrottlingException");
    await reader.get();
    await expect.poll(() => events.length).toBe(4);
    expect(events.map(({ type }) => type)).toEqual(["refresh", "hit", "stale", "error"]);
    expect(events[3]).toEqual({
      type: "error",
      subject: secrets.arn,
      version: "AWSCURRENT",
      code: "throttled",
    });
    expect(JSON.stringify(events)).not.toContain("first");
  });
});

describe("close and warmUp", () => {
  it("refuse every later call by a typed error", async () => {
    const { reader } = setUp();
    await reader.get();
    reader.close();
    expect(await code(reader.get())).toBe("configuration");
    expect(await code(reader.refresh())).toBe("configuration");
    expect(reader.peek()).toBeUndefined();
  });

  it("start the first read without an unhandled rejection when it fails", async () => {
    const { reader, secrets, clock } = setUp();
    secrets.answer = fail("ThrottlingException");
    reader.warmUp();
    await expect.poll(() => secrets.calls.length).toBe(1);
    secrets.answer = undefined;
    clock.now += 1_000;
    reader.warmUp();
    await expect.poll(() => reader.peek()?.value).toBe("first");
  });
});
