import type {
  FunctionDeployment,
  FunctionRuntime,
  InvocationResult,
} from "../../src/data-planes.ts";

/** A runtime in memory: answers with the event, fails on `{"fail":true}`. */
export class FakeRuntime implements FunctionRuntime {
  readonly deployments: FunctionDeployment[] = [];
  readonly removed: string[] = [];
  failure: Error | undefined;

  deploy(deployment: FunctionDeployment): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    this.deployments.push(deployment);
    return Promise.resolve();
  }

  remove(region: string, name: string): Promise<void> {
    this.removed.push(`${region} ${name}`);
    return Promise.resolve();
  }

  invoke(_region: string, _name: string, payload: Uint8Array): Promise<InvocationResult> {
    const isBroken = Buffer.from(payload).includes("fail");
    return Promise.resolve({
      payload,
      logTail: "a line",
      ...(isBroken && { functionError: "Unhandled" as const }),
    });
  }

  followOutage(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
