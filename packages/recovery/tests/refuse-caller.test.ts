import { describe, expect, it } from "vitest";
import { RefusedError } from "../src/errors.ts";
import { refuseCaller } from "../src/refuse-caller.ts";
import type { AwsClients } from "../src/region-clients.ts";
import { deployment } from "./support/observation.ts";

const signal = new AbortController().signal;
const asked: string[] = [];
const judge = (send: () => Promise<object>) => {
  const clients = {
    in: (region: string) => {
      asked.push(region);
      return { sts: { send } };
    },
  } as unknown as AwsClients;
  return refuseCaller({ clients, deployment }, signal);
};
const failing = (name: string) => async () => {
  throw Object.assign(new Error("…"), { name });
};

describe("the caller of a move", () => {
  it("of the pair's account is let through, and STS is asked in the recovery Region alone", async () => {
    await judge(async () => ({ Account: "123456789012" }));
    expect(new Set(asked)).toEqual(new Set(["us-west-2"]));
  });

  it.each(["ExpiredToken", "ExpiredTokenException", "CredentialsProviderError"])(
    "is refused with a finding when AWS says %s",
    async (name) => {
      const error = await judge(failing(name)).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(RefusedError);
      expect((error as RefusedError).findings).toMatchObject([{ code: "not-allowed-to-look" }]);
    },
  );

  it("of another account is refused", async () => {
    await expect(judge(async () => ({ Account: "210987654321" }))).rejects.toMatchObject({
      findings: [{ code: "wrong-account" }],
    });
  });

  it("is not refused because STS is silent", async () => {
    await expect(judge(failing("ServiceUnavailable"))).resolves.toBeUndefined();
  });
});
