import { describe, expect, it } from "vitest";
import { readChoice } from "../src/choice.ts";

const environment = {
  AWS_REGION: "us-west-2",
  PRIMARY_REGION: "us-east-1",
  NAMED_REGION: "us-east-1",
  SERVICE: "orders-prod",
};

describe("the choice", () => {
  it.each([
    ["us-east-1", false],
    ["us-west-2", true],
  ])("%s is the recovery Region: %s", (namedRegion, isRecoveryRegion) => {
    expect(readChoice({ ...environment, NAMED_REGION: namedRegion })).toEqual({
      service: "orders-prod",
      namedRegion,
      isRecoveryRegion,
    });
  });

  it("of a third Region is none", () => {
    expect(() => readChoice({ ...environment, NAMED_REGION: "eu-west-1" })).toThrow(
      "NAMED_REGION names neither Region of the pair",
    );
  });

  it.each(Object.keys(environment))("needs %s", (name) => {
    expect(() => readChoice({ ...environment, [name]: "" })).toThrow(`${name} is not set`);
  });
});
