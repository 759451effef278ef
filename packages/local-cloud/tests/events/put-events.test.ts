import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createEvents } from "../../src/events/events.ts";
import { quickDials, refusalOf, startTestCloud, type TestCloud, west } from "../aws-fixture.ts";

let cloud: TestCloud;
let client: EventBridgeClient;
let events: ReturnType<typeof createEvents>;

beforeEach(async () => {
  cloud = await startTestCloud(({ outages }) => {
    const functions = { permits: () => false, call: async () => {} };
    events = createEvents({ functions, outages, dials: quickDials });
    return [events];
  });
  client = new EventBridgeClient(cloud.clientOptions(west));
});
afterEach(async () => {
  await cloud.endpoint.close();
  await events.close();
});

const entry = { Source: "standby", DetailType: "Standby Preflight", Detail: '{"verdict":"go"}' };

it("keeps what is sent to the default bus", async () => {
  const { FailedEntryCount } = await client.send(new PutEventsCommand({ Entries: [entry] }));
  expect(FailedEntryCount).toBe(0);
  expect(events.sent).toEqual([
    { region: west, source: "standby", detailType: "Standby Preflight", detail: entry.Detail },
  ]);
});

it("refuses an entry whose detail is no JSON, and not the call", async () => {
  const { FailedEntryCount, Entries } = await client.send(
    new PutEventsCommand({ Entries: [{ ...entry, Detail: "go" }, entry] }),
  );
  expect([FailedEntryCount, Entries?.[0]?.ErrorCode]).toEqual([1, "MalformedDetail"]);
  expect(events.sent).toHaveLength(1);
});

it("refuses a call without entries", async () => {
  expect(await refusalOf(client.send(new PutEventsCommand({ Entries: [] })))).toMatchObject({
    name: "ValidationException",
  });
});
