import { describe, expect, it } from "vitest";
import { ownDatabase, readPlace } from "../src/place.ts";

const environment = {
  SECRET_NAME: "arn:aws:secretsmanager:us-west-2:123456789012:secret:orders-prod/database-AbCdEf",
  REGION_NAME: "us-west-2",
  DATABASE_HOSTS:
    "orders-prod-*.c1a2b3.us-east-1.rds.amazonaws.com,orders-prod-*.d4e5f6.us-west-2.rds.amazonaws.com",
};

describe("the place of a probe", () => {
  it("is read from the environment, the heartbeat's part only where the program set it", () => {
    expect(readPlace(environment)).toMatchObject({
      region: "us-west-2",
      databaseAddress: undefined,
      recoveryBucket: undefined,
    });
  });

  it("names every variable that is missing", () => {
    expect(() => readPlace({ REGION_NAME: "us-west-2" })).toThrow(/SECRET_NAME, DATABASE_HOSTS/);
  });
});

describe("an address", () => {
  const place = readPlace(environment);

  it("of any generation of the own Region is allowed, in any spelling of DNS", () => {
    expect(ownDatabase(place, "Orders-prod-12.d4e5f6.us-west-2.rds.amazonaws.com.")).toBe(
      "orders-prod-12.d4e5f6.us-west-2.rds.amazonaws.com",
    );
  });

  it.each([
    ["orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com", /is not in us-west-2/],
    ["orders-prod-1.attack.us-west-2.rds.amazonaws.com", /is not one of the databases/],
    ["orders-prod-x.d4e5f6.us-west-2.rds.amazonaws.com", /is not one of the databases/],
    ["203.0.113.7", /is not one of the databases/],
    ["", /is not one of the databases/],
  ])("%s is refused", (address, message) => {
    expect(() => ownDatabase(place, address)).toThrow(message);
  });
});
