import { DeleteAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { east, eventually, west } from "../aws-fixture.ts";
import {
  answer,
  answers,
  cloud,
  failedOver,
  forgetAnswers,
  metrics,
  minutes,
  notifications,
  publish,
  put,
  silence,
  useSwitchedName,
} from "./switched-fixture.ts";

useSwitchedName();

describe("before a move, the name stays in the primary Region", () => {
  it("while nobody ever published", async () => {
    await minutes(8);
    expect(answers()).toEqual(["east"]);
  });

  it("when the publisher dies, is late, and comes back", async () => {
    publish(0);
    await minutes(3);
    silence();
    await minutes(6);
    await put(1, new Date(Date.now() - 60_000));
    publish(0);
    await minutes(3);
    expect(answers()).toEqual(["east"]);
  });

  it("when the recovery Region is lost and returns", async () => {
    publish(0);
    await minutes(3);
    await cloud.outages.lose(west, "refuse");
    await minutes(6);
    await cloud.outages.restore(west);
    await minutes(3);
    expect(answers()).toEqual(["east"]);
  });
});

describe("after a move, the name stays in the recovery Region", () => {
  it("when the publisher dies in the minute of the move", async () => {
    publish(0);
    await minutes(3);
    silence();
    await put(1);
    await eventually(answer, (value) => value === "west");
    forgetAnswers();
    await minutes(8);
    expect(answers()).toEqual(["west"]);
  });

  it("when the publisher dies later, and comes back", async () => {
    await failedOver();
    silence();
    await minutes(8);
    publish(1);
    await minutes(3);
    expect(answers()).toEqual(["west"]);
  });

  it("when an old publication comes late, or another one contradicts it in the same minute", async () => {
    await failedOver();
    await put(0, new Date(Date.now() - 60_000));
    publish(1, 0);
    await minutes(6);
    expect(answers()).toEqual(["west"]);
  });

  it("when the alarm is deleted, whatever is published then", async () => {
    await failedOver();
    await metrics.send(new DeleteAlarmsCommand({ AlarmNames: ["named"] }));
    publish(0);
    await minutes(6);
    expect(answers()).toEqual(["west"]);
  });

  it("when both Regions are lost and return, and Route 53's control plane with them", async () => {
    await failedOver();
    cloud.outages.loseRoute53ControlPlane("5xx");
    await cloud.outages.lose(east, "refuse");
    await cloud.outages.lose(west, "refuse");
    await minutes(6);
    await cloud.outages.restore(west);
    await cloud.outages.restore(east);
    cloud.outages.restoreRoute53ControlPlane();
    await minutes(3);
    expect(answers()).toEqual(["west"]);
  });
});

it("rings when the name leaves the primary Region, and when nobody says any more where it belongs", async () => {
  publish(0);
  await minutes(4);
  await failedOver();
  silence();
  await eventually(
    () => notifications.all().map(({ subject }) => subject.split(":")[0]),
    (subjects) => subjects.includes("ALARM") && subjects.at(-1) === "INSUFFICIENT_DATA",
  );
});
