import { describe, expect, it } from "vitest";
import { accountRefusals } from "../src/decide.ts";

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
