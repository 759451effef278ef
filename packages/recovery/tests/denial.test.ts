import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { throwDenial } from "../src/denial.ts";
import { failover } from "../src/failover.ts";
import { type FakePair, fakePair } from "./support/fake-pair.ts";

const refused = (name: string): Error => Object.assign(new Error("a text of AWS's"), { name });

describe("credentials that AWS does not take", () => {
  let pair: FakePair;
  beforeEach(async () => {
    pair = await fakePair();
  });
  afterEach(() => pair[Symbol.asyncDispose]());

  it.each(["ExpiredToken", "ExpiredTokenException", "AccessDenied", "CredentialsProviderError"])(
    "end a move before it begins, with %s in one sentence",
    async (name) => {
      pair.store.read = async () => {
        throw refused(name);
      };
      await expect(failover(pair.context, {}, pair.run)).rejects.toMatchObject({
        name: "RefusedError",
        message: expect.stringMatching(new RegExp(`^The credentials have expired.*${name}`)),
        next: expect.arrayContaining(["aws sts get-caller-identity"]),
      });
      expect(pair.done).toEqual([]);
    },
  );

  it("are not what any other error is taken for", () => {
    const other = refused("DBInstanceNotFound");
    expect(() => throwDenial(other)).toThrow(other);
  });
});
