import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import {
  type AccessEvent,
  accessEvents,
  asBinary,
  asJsonOf,
  asText,
  type SecretDecoder,
  SecretReader,
  type SecretTimes,
  type SecretVersion,
} from "../src/index.ts";
import { FakeSecrets } from "./support/fake-secrets.ts";

const minute = 60_000;
const events: AccessEvent[] = [];
const listen = (message: unknown) => {
  events.push(message as AccessEvent);
};
afterEach(() => {
  accessEvents.unsubscribe(listen);
  events.length = 0;
});

const awsError = (name: string) => Object.assign(new Error(`${name} said so`), { name });
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: { readonly code?: unknown }) => error.code,
  );

function setUp<Value = string>(
  decode: SecretDecoder<Value> = asText as SecretDecoder<Value>,
  times: Partial<SecretTimes> = {},
) {
  const secrets = new FakeSecrets();
  secrets.put("v1", ["AWSCURRENT"], "first");
  const clock = { now: 1_800_000_000_000 };
  const reader = new SecretReader<Value>({
    secretId: secrets.arn,
    region: "us-west-2",
    decode,
    client: secrets.client,
    times: { timeToLiveMillis: minute, maximumStaleMillis: 60 * minute, ...times },
    now: () => clock.now,
  });
  return { secrets, clock, reader };
}

const fail = (name: string) => () => Promise.reject(awsError(name));

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
    expect(ids.filter((id) => reader.peek({ versionId: id }))).toHaveLength(16);
  });
});

describe("decoding", () => {
  const schema = z.object({ user: z.string(), port: z.number() });

  it("gives the schema's output", async () => {
    const { reader, secrets } = setUp(asJsonOf(schema));
    secrets.put("v1", ["AWSCURRENT"], { user: "app", port: 3306 });
    expect((await reader.get()).value.port).toBe(3306);
  });

  it("names the keys that do not fit and never a value", async () => {
    const { reader, secrets } = setUp(asJsonOf(schema));
    secrets.put("v1", ["AWSCURRENT"], { user: 5, port: "hunter2" });
    const error = await reader.get().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "malformed-secret", keys: ["user", "port"] });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hunter2");
  });

  it("shows nothing of a text that is not JSON", async () => {
    const { reader, secrets } = setUp(asJsonOf(schema));
    secrets.put("v1", ["AWSCURRENT"], "hunter2");
    const error = await reader.get().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "malformed-secret" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hunter2");
  });

  it("shows nothing of what a decoder of the caller throws", async () => {
    const { reader } = setUp((stored) => {
      throw new Error(`cannot read ${stored}`);
    });
    const error = await reader.get().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "malformed-secret" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("first");
  });

  it("reads the bytes of a binary secret and refuses text in their place", async () => {
    expect(asBinary(new Uint8Array([1, 2]))).toEqual(new Uint8Array([1, 2]));
    expect(await code(setUp(asBinary).reader.get())).toBe("malformed-secret");
  });

  it("shows no value to whoever prints a version", async () => {
    const version: SecretVersion<string> = await setUp().reader.get();
    expect(inspect(version, { showHidden: true }) + JSON.stringify(version)).not.toContain("first");
  });
});

describe("keeping", () => {
  it("answers from memory until the time to live is over", async () => {
    const { reader, secrets, clock } = setUp();
    await reader.get();
    clock.now += 0.8 * minute - 1;
    expect(reader.peek()?.value).toBe("first");
    await reader.get();
    expect(secrets.calls).toHaveLength(1);
  });

  it("answers the old value at once and reads the new one behind it", async () => {
    const { reader, secrets, clock } = setUp();
    await reader.get();
    secrets.put("v2", ["AWSCURRENT"], "second");
    secrets.versions.shift();
    clock.now += minute;
    expect((await Promise.all([reader.get(), reader.get()])).map(({ value }) => value)).toEqual([
      "first",
      "first",
    ]);
    expect(secrets.calls).toHaveLength(2);
    await expect.poll(() => reader.peek()?.value).toBe("second");
  });

  it("waits for the new value when the old one is old, as after a freeze", async () => {
    const { reader, secrets, clock } = setUp();
    await reader.get();
    secrets.versions = [];
    secrets.put("v2", ["AWSCURRENT"], "second");
    clock.now += 30 * minute;
    expect((await reader.get()).value).toBe("second");
  });

  it("reads again when the clock was set back", async () => {
    const { reader, secrets, clock } = setUp();
    await reader.get();
    clock.now -= 30 * minute;
    await reader.get();
    expect(secrets.calls).toHaveLength(2);
  });

  it("spreads the ends of the time to live over its last fifth", async () => {
    const ages = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const { reader, clock } = setUp();
        const { readAt } = await reader.get();
        clock.now = readAt + 0.9 * minute;
        const hit = events.length;
        accessEvents.subscribe(listen);
        await reader.get();
        accessEvents.unsubscribe(listen);
        return events[hit]?.type;
      }),
    );
    expect(new Set(ages)).toEqual(new Set(["hit", "stale"]));
  });
});

describe("an outage", () => {
  it("is bridged by the old value, with few calls and no unhandled rejection", async () => {
    const { reader, secrets, clock } = setUp();
    await reader.get();
    secrets.answer = fail("InternalServiceError");
    for (let second = 0; second < 600; second++) {
      clock.now += 1_000;
      expect((await reader.get()).value).toBe("first");
    }
    // Nine minutes with a call every ten seconds at most, after the first few.
    expect(secrets.calls.length).toBeLessThan(80);
  });

  it("ends the old value at the bound", async () => {
    const { reader, secrets, clock } = setUp();
    await reader.get();
    secrets.answer = fail("InternalServiceError");
    clock.now += 60 * minute + 1;
    expect(await code(reader.get())).toBe("service-fault");
  });

  it("does not hold up a caller longer than a second when the call hangs", async () => {
    const { reader, secrets, clock } = setUp();
    await reader.get();
    secrets.answer = () => new Promise(() => {});
    clock.now += 10 * minute;
    const started = performance.now();
    expect((await reader.get()).value).toBe("first");
    expect(performance.now() - started).toBeLessThan(1_200);
  });

  it("before the first value costs a few calls and not one a request", async () => {
    const { reader, secrets, clock } = setUp();
    secrets.answer = fail("ThrottlingException");
    for (let request = 0; request < 1_000; request++) {
      expect(await code(reader.get())).toBe("throttled");
      clock.now += 1;
    }
    expect(secrets.calls.length).toBeLessThanOrEqual(4);
  });

  it("is over with the first answer", async () => {
    const { reader, secrets, clock } = setUp();
    secrets.answer = fail("ThrottlingException");
    await code(reader.get());
    secrets.answer = undefined;
    clock.now += 300;
    expect((await reader.get()).value).toBe("first");
  });
});

describe("a revocation", () => {
  it.each(["AccessDeniedException", "ResourceNotFoundException", "InvalidRequestException"])(
    "by %s ends the old value a minute after it was seen",
    async (name) => {
      const { reader, secrets, clock } = setUp();
      await reader.get();
      secrets.answer = fail(name);
      clock.now += minute;
      expect((await reader.get()).value).toBe("first");
      await expect.poll(() => secrets.calls.length).toBe(2);
      clock.now += minute - 1;
      expect((await reader.get()).value).toBe("first");
      clock.now += 2;
      expect(await code(reader.get())).not.toBe("no error");
      expect(reader.peek()).toBeUndefined();
    },
  );
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
    accessEvents.subscribe(listen);
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
