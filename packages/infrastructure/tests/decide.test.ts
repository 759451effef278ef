import { describe, expect, it } from "vitest";
import { accountRefusals, unavailable } from "../src/decide.ts";

describe("the account", () => {
  it("is refused when the credentials belong to another, without naming either", () => {
    const [refusal] = accountRefusals(
      { accountId: "123456789012", stack: "prod-west" },
      "210987654321",
    );
    expect(refusal?.key).toBe("standby:accountId");
    expect(JSON.stringify(refusal)).not.toMatch(/\d{12}/);
  });

  it("passes when it is the configured one", () => {
    expect(
      accountRefusals({ accountId: "123456789012", stack: "prod-west" }, "123456789012"),
    ).toEqual([]);
  });
});

describe("what is decided and not carried out yet", () => {
  it("is refused by key, and a plan without it is not", () => {
    const keys = (plan: Parameters<typeof unavailable>[1]) =>
      unavailable("prod-east", plan).map(({ key }) => key);
    expect(keys({ fenced: true })).toEqual(["standby:fenced"]);
    expect(keys({ fenced: false, replicatesFrom: "arn" })).toEqual(["standby:replicateFrom"]);
    expect(keys({ fenced: false })).toEqual([]);
  });
});
