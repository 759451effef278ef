import { describe, expect, it } from "vitest";
import {
  databaseIdentifier,
  generationOf,
  isRdsName,
  localSecretArn,
  maximumServiceNameLength,
  ordersRoleName,
  parseRdsEndpoint,
  regionOfArn,
  secretNameOf,
  serviceNamePattern,
} from "../src/index.ts";

describe("physical names", () => {
  it("reads back the generation that it wrote", () => {
    expect(generationOf("orders-prod", databaseIdentifier("orders-prod", 3))).toBe(3);
  });

  it.each(["orders-prod", "orders-prod-0", "orders-prod-01", "orders-prod-1-copy", "other-1"])(
    "sees no generation in %s",
    (identifier) => {
      expect(generationOf("orders-prod", identifier)).toBeUndefined();
    },
  );

  it("keeps the longest service name within IAM's 64 characters for a role", () => {
    expect(
      ordersRoleName("a".repeat(maximumServiceNameLength), "ap-southeast-2").length,
    ).toBeLessThanOrEqual(64);
  });

  it.each(["orders--prod", "Orders", "1orders", "orders-", "orders_prod"])(
    "refuses %s as a service name",
    (name) => {
      expect(serviceNamePattern.test(name)).toBe(false);
    },
  );
});

describe("localSecretArn", () => {
  it("changes only the Region", () => {
    expect(
      localSecretArn(
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders/db-AbCdEf",
        "us-west-2",
      ),
    ).toBe("arn:aws:secretsmanager:us-west-2:123456789012:secret:orders/db-AbCdEf");
  });

  it("refuses what is not the full ARN of a secret", () => {
    expect(() => localSecretArn("orders/db", "us-west-2")).toThrow(TypeError);
    expect(() => localSecretArn("arn:aws:rds:us-east-1:123456789012:db:a", "us-west-2")).toThrow(
      TypeError,
    );
  });
});

describe("RDS names", () => {
  it("takes an endpoint apart", () => {
    expect(parseRdsEndpoint("orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com")).toEqual({
      identifier: "orders-prod-1",
      hash: "c1a2b3",
      region: "us-east-1",
    });
  });

  it.each([
    ["orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com.", true],
    ["x.rds.amazonaws.com.cn", true],
    ["db.orders.internal", false],
    ["rds.amazonaws.com.evil.example", false],
  ])("knows that isRdsName(%s) is %s", (host, expected) => {
    expect(isRdsName(host)).toBe(expected);
  });

  it("reads the Region of an ARN, and none of a global one", () => {
    expect(regionOfArn("arn:aws:rds:us-west-2:123456789012:db:a")).toBe("us-west-2");
    expect(regionOfArn("arn:aws:iam::123456789012:role/a")).toBeUndefined();
    expect(regionOfArn("db-1")).toBeUndefined();
  });
});

describe("secretNameOf", () => {
  it("leaves out what AWS adds, and nothing of the name", () => {
    const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-prod/database-AbCdEf";
    expect(secretNameOf(arn)).toBe("orders-prod/database");
  });
});
