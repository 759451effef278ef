import { afterEach, beforeEach, expect, test } from "vitest";
import { operator } from "../src/account.ts";
import { Faults } from "../src/faults.ts";
import { createInertCalls, type InertCalls } from "../src/inert-call.ts";
import { Outages } from "../src/outages.ts";
import { RequestLog } from "../src/request-log.ts";
import { east } from "./aws-fixture.ts";

let log: RequestLog;
let outages: Outages;
let faults: Faults;
let calls: InertCalls;
beforeEach(() => {
  log = new RequestLog();
  outages = new Outages();
  faults = new Faults();
  calls = createInertCalls({ log, outages, faults });
});
afterEach(() => calls.close());

const call = {
  region: east,
  service: "ec2",
  operation: "CreateVpc",
  principal: operator.arn,
} as const;

test("a call that has no effect is logged as answered", async () => {
  await calls.inertCall(call);
  expect(log.calls()).toMatchObject([{ ...call, outcome: "answered", status: 200 }]);
});

test("in a Region that hangs it waits until it is aborted", async () => {
  await outages.lose(east, "hang");
  const aborting = new AbortController();
  const waiting = calls.inertCall(call, aborting.signal);
  aborting.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  expect(log.calls()).toMatchObject([{ outcome: "hang" }]);
});

test("in a Region that hangs it ends when the local cloud is closed", async () => {
  await outages.lose(east, "hang");
  const waiting = calls.inertCall(call);
  calls.close();
  await expect(waiting).rejects.toThrow("closed");
});

test("in a Region that refuses or answers 503 it fails as a call would", async () => {
  await outages.lose(east, "refuse");
  await expect(calls.inertCall(call)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await outages.lose(east, "5xx");
  await expect(calls.inertCall(call)).rejects.toMatchObject({
    code: "ServiceUnavailable",
    status: 503,
  });
});

test("an injected fault refuses it with its code", async () => {
  faults.add({
    service: "ec2",
    operation: "CreateVpc",
    times: 1,
    kind: "refuse",
    errorCode: "VpcLimitExceeded",
  });
  await expect(calls.inertCall(call)).rejects.toMatchObject({
    code: "VpcLimitExceeded",
    status: 400,
  });
  await calls.inertCall(call);
  expect(log.calls().map((each) => each.status)).toEqual([400, 200]);
});
