import type { MetricStore } from "../cloudwatch/metric-store.ts";
import type { FunctionRuntime, InvocationResult } from "../data-planes.ts";

/** The runtime, with the metrics that Lambda publishes of every invocation. One that a lost Region swallowed is in none. */
export const measuredRuntime = (
  runtime: FunctionRuntime,
  metrics: MetricStore,
): FunctionRuntime => ({
  deploy: (deployment) => runtime.deploy(deployment),
  remove: (region, name) => runtime.remove(region, name),
  followOutage: (region, mode) => runtime.followOutage(region, mode),
  close: () => runtime.close(),
  async invoke(region, name, payload, signal): Promise<InvocationResult> {
    const began = Date.now();
    const result = await runtime.invoke(region, name, payload, signal);
    const at = Date.now();
    const values = {
      Invocations: 1,
      Errors: result.functionError === undefined ? 0 : 1,
      Duration: at - began,
    };
    for (const [metric, value] of Object.entries(values))
      metrics.put(
        region,
        { namespace: "AWS/Lambda", name: metric, dimensions: { FunctionName: name } },
        { at, value },
      );
    return result;
  },
});
