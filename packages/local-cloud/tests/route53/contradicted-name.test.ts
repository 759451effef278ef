import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { functionPrincipal, type Principal } from "../../src/account.ts";
import { eventually, west } from "../aws-fixture.ts";
import {
  answer,
  answers,
  cloud,
  failedOver,
  minutes,
  notifications,
  publish,
  put,
  rung,
  silence,
  useSwitchedName,
} from "./switched-fixture.ts";

useSwitchedName();

const strangerRole = "reports-us-west-2";
const asStranger = (): Principal => {
  cloud.rolePolicies.put(strangerRole, "metrics", {
    Statement: [
      {
        Effect: "Allow",
        Action: "cloudwatch:PutMetricData",
        Resource: "*",
        Condition: { StringEquals: { "cloudwatch:namespace": "StandbyDnsSwitch/other-prod" } },
      },
    ],
  });
  return functionPrincipal(`arn:aws:iam::123456789012:role/${strangerRole}`, "reports");
};

describe("before the name is pinned, somebody else's contradictory data", () => {
  it("are refused by IAM to the function of another pair of the account", async () => {
    const stranger = new CloudWatchClient(cloud.clientOptions(west, asStranger()));
    await expect(put(1, new Date(), stranger)).rejects.toMatchObject({
      name: expect.stringMatching(/^AccessDenied/),
    });
    stranger.destroy();
    expect(answer()).toBe("east");
  });

  it("lead it before a move to the replica, which refuses writes by itself, ring, and lose it when they stop", async () => {
    publish(0);
    await minutes(3);
    publish(0, 1);
    await eventually(answer, (value) => value === "west");
    await eventually(rung, (names) => names.includes("named"));
    publish(0);
    await eventually(answer, (value) => value === "east");
  });

  it("do not move it after a move while the function publishes too, and ring", async () => {
    await failedOver();
    const before = rung().length;
    publish(1, 0);
    await minutes(8);
    expect(answers()).toEqual(["west"]);
    expect(rung().slice(before)).toContain("returned");
  });

  it("lead it back after a move when the function is dead as well, and both that and this ring", async () => {
    await failedOver();
    silence();
    await eventually(
      () => notifications.all().map(({ subject }) => subject),
      (subjects) => subjects.some((subject) => subject.startsWith("INSUFFICIENT_DATA")),
    );
    const before = rung().length;
    publish(0);
    await eventually(answer, (value) => value === "east");
    await eventually(
      () => rung().slice(before),
      (names) => names.includes("returned"),
    );
  });
});
