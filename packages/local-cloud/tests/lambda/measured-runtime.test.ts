import { expect, it } from "vitest";
import { MetricStore } from "../../src/cloudwatch/metric-store.ts";
import { measuredRuntime } from "../../src/lambda/measured-runtime.ts";
import { FakeRuntime } from "./fake-runtime.ts";

it("publishes every invocation, and whether it failed", async () => {
  const metrics = new MetricStore();
  const runtime = measuredRuntime(new FakeRuntime(), metrics);
  const signal = AbortSignal.timeout(1_000);
  await runtime.invoke("us-west-2", "orders", Buffer.from("{}"), signal);
  await runtime.invoke("us-west-2", "orders", Buffer.from('{"fail":true}'), signal);
  const values = (name: string, region = "us-west-2") =>
    metrics
      .datapoints(region, { namespace: "AWS/Lambda", name, dimensions: { FunctionName: "orders" } })
      .map(({ value }) => value);
  expect(values("Invocations")).toEqual([1, 1]);
  expect(values("Errors")).toEqual([0, 1]);
  expect(values("Errors", "us-east-1")).toEqual([]);
});
