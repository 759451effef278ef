import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { asBinary, asJsonOf, type SecretVersion } from "../src/index.ts";
import { code, setUp } from "./support/reader-under-test.ts";

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
