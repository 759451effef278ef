import { describe, expect, it } from "vitest";
import { accessEvents } from "../src/index.ts";
import { code, events, fail, listen, minute, setUp } from "./support/reader-under-test.ts";

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
