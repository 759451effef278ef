import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../src/index.ts";
import { poolPlace } from "../src/pool-environment.ts";

const environment = {
  SECRET_NAME: "arn:aws:secretsmanager:us-west-2:123456789012:secret:orders-prod/database-AbCdEf",
  REGION_NAME: "us-west-2",
  DATABASE_HOSTS: "a-*.x.us-east-1.rds.amazonaws.com, a-*.y.us-west-2.rds.amazonaws.com",
};

describe("poolPlace", () => {
  it("reads everything from the environment", () => {
    expect(poolPlace({}, environment)).toEqual({
      secretId: environment.SECRET_NAME,
      region: "us-west-2",
      allowedHosts: ["a-*.x.us-east-1.rds.amazonaws.com", "a-*.y.us-west-2.rds.amazonaws.com"],
    });
  });

  it("prefers what the caller gives", () => {
    expect(poolPlace({ region: "eu-west-1" }, environment).region).toBe("eu-west-1");
  });

  it("names everything that is missing in one error", () => {
    expect(() => poolPlace({}, {})).toThrow(ConfigurationError);
    expect(() => poolPlace({}, {})).toThrow("SECRET_NAME, REGION_NAME, DATABASE_HOSTS");
  });
});
