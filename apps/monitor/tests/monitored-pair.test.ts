import { expect, it } from "vitest";
import { readMonitoredPair } from "../src/monitored-pair.ts";

it.each([
  ["is missing", {}],
  ["is no JSON", { MONITORED_PAIR: "orders-prod {" }],
  ["holds something else", { MONITORED_PAIR: '{"a":1}' }],
])("says which variable %s, and not what it holds", (_, environment) => {
  expect(() => readMonitoredPair(environment)).toThrow(
    /^MONITORED_PAIR does not hold the pair: run pulumi up on the recovery stack\.$/,
  );
});

it("keeps its store in the recovery Region's bucket", () => {
  const pair = (recoveryBucket?: string) =>
    readMonitoredPair({
      MONITORED_PAIR: JSON.stringify({ recoveryRegion: "us-west-2", recovery: { recoveryBucket } }),
    });
  expect(pair("bucket").store).toBeDefined();
  expect(pair().store).toBeUndefined();
});
