import { type AttemptedCall, Gate, type GateOptions, serviceUnavailable } from "./gate.ts";
import { actionOf } from "./iam/needed-permissions.ts";
import type { AwsError } from "./service.ts";

export interface InertCalls {
  /**
   * Makes an AWS call that has no effect but its entry in the request log, for resource types that are state only.
   * In a lost Region it fails as the real call would: `hang` waits until aborted or closed.
   *
   * @throws {AwsError} refused by an injected fault, or 503
   * @throws {Error} with code ECONNREFUSED in a Region that refuses connections
   */
  inertCall(call: AttemptedCall, signal?: AbortSignal): Promise<void>;
  close(): void;
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}

const connectionRefused = (call: AttemptedCall): Error =>
  Object.assign(
    new Error(`connect ECONNREFUSED: the endpoint of ${call.service} in ${call.region} refuses`),
    { code: "ECONNREFUSED" },
  );

export function createInertCalls(options: GateOptions): InertCalls {
  const gate = new Gate(options);
  const closing = new AbortController();
  return {
    async inertCall(call, signal) {
      const { entry, loss, refusal } = gate.admit(call);
      entry.permissions = [{ action: actionOf(call), resource: "*", context: {} }];
      if (loss === "hang")
        return untilAborted(signal ? AbortSignal.any([signal, closing.signal]) : closing.signal);
      if (loss === "refuse") throw connectionRefused(call);
      const error: AwsError | undefined = loss === "5xx" ? serviceUnavailable() : refusal;
      entry.status = error?.status ?? 200;
      if (!error) return undefined;
      entry.errorCode = error.code;
      throw error;
    },
    close: () => closing.abort(new Error("The local cloud was closed.")),
  };
}
