import { describe, expect, it } from "vitest";
import {
  databaseHostPattern,
  isAllowedHost,
  joinHostPatterns,
  splitHostPatterns,
} from "../src/index.ts";

const east = databaseHostPattern("orders-prod", "orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com");

describe("isAllowedHost", () => {
  it.each([
    ["the first generation", "orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com", true],
    ["a later generation", "orders-prod-12.c1a2b3.us-east-1.rds.amazonaws.com", true],
    ["upper case and a trailing dot", "Orders-Prod-1.c1a2b3.us-east-1.rds.amazonaws.com.", true],
    ["another account's instance", "orders-prod-1.zzzzzz.us-east-1.rds.amazonaws.com", false],
    ["another Region", "orders-prod-1.c1a2b3.us-west-2.rds.amazonaws.com", false],
    [
      "another service whose name begins alike",
      "orders-prod-eu-1.c1a2b3.us-east-1.rds.amazonaws.com",
      false,
    ],
    ["no generation", "orders-prod-.c1a2b3.us-east-1.rds.amazonaws.com", false],
    ["a name that only ends alike", "x.orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com", false],
    ["a name that goes on", "orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com.evil.example", false],
  ])("decides on %s", (_case, host, allowed) => {
    expect(isAllowedHost(host, [east])).toBe(allowed);
  });

  it("allows nothing without patterns", () => {
    expect(isAllowedHost("orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com", [])).toBe(false);
  });

  it("never treats a pattern with two stars as a pattern", () => {
    expect(isAllowedHost("a-1-b-2-c", ["a-*-b-*-c"])).toBe(false);
  });
});

describe("databaseHostPattern", () => {
  it("refuses a name that is not an RDS endpoint", () => {
    expect(() => databaseHostPattern("orders-prod", "db.orders.internal")).toThrow(TypeError);
  });

  it("survives being joined and split, without doubles", () => {
    expect(splitHostPatterns(joinHostPatterns([east, "db.example", east]))).toEqual([
      "db.example",
      east,
    ]);
  });
});
