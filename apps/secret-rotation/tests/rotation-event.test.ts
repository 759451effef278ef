import { describe, expect, it } from "vitest";
import { readPlace } from "../src/place.ts";
import { readEvent } from "../src/rotation-event.ts";
import { nextUsername, partnerOf, subjectOf } from "../src/rotation-plan.ts";

const step = {
  Step: "setSecret",
  SecretId: "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf",
  ClientRequestToken: "1".repeat(32),
};

describe("an event", () => {
  it("is a step of Secrets Manager's or the bootstrap", () => {
    expect(readEvent({ ...step, RotationToken: "later" })).toEqual(step);
    expect(readEvent({ Bootstrap: true })).toEqual({ Bootstrap: true });
  });

  it.each([
    [{ ...step, Step: "dropSecret" }, "Step"],
    [{ ...step, ClientRequestToken: "short" }, "ClientRequestToken"],
    [{ Bootstrap: false }, "Bootstrap"],
    [undefined, "event"],
  ])("of another form is refused by the names of its fields", (event, field) => {
    expect(() => readEvent(event)).toThrow(field);
  });
});

const environment = {
  SECRET_NAME: step.SecretId,
  REGION_NAME: "us-east-1",
  DATABASE_HOSTS:
    "orders-prod-*.c1a2b3.us-east-1.rds.amazonaws.com,orders-prod-*.d4e5f6.us-west-2.rds.amazonaws.com",
};

describe("the place", () => {
  it("allows the databases of its own Region alone", () => {
    expect(readPlace(environment)).toMatchObject({
      ownHosts: ["orders-prod-*.c1a2b3.us-east-1.rds.amazonaws.com"],
      strategy: "single-user",
      adminSecretArn: undefined,
    });
  });

  it("names every variable that is missing or unknown", () => {
    expect(() => readPlace({ ROTATION_STRATEGY: "both" })).toThrow(
      /SECRET_NAME, REGION_NAME, DATABASE_HOSTS, ROTATION_STRATEGY/,
    );
  });
});

describe("the plan", () => {
  it("lets two users take turns, and the admin secret keep its one", () => {
    expect(partnerOf("orders_app")).toBe("orders_app_clone");
    expect(partnerOf("orders_app_clone")).toBe("orders_app");
    const place = readPlace({
      ...environment,
      ADMIN_SECRET_NAME: "admin",
      ROTATION_STRATEGY: "alternating-users",
    });
    expect(subjectOf(step.SecretId, place)).toMatchObject({
      plan: { kind: "alternating-users" },
      adminSecretArn: "admin",
    });
    expect(subjectOf("admin", place)).toEqual({
      secretArn: "admin",
      plan: { kind: "single-user" },
    });
    expect(nextUsername({ kind: "single-user" }, "orders_app")).toBe("orders_app");
  });
});
