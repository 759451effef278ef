import type { Faults } from "./faults.ts";
import type { LossMode, Outages, ServiceName } from "./outages.ts";
import type { Call, RequestLog } from "./request-log.ts";
import { AwsError } from "./service.ts";

export interface GateOptions {
  readonly log: RequestLog;
  readonly outages: Outages;
  readonly faults: Faults;
}

export interface AttemptedCall {
  readonly region: string;
  readonly service: ServiceName;
  readonly operation: string;
  /** ARN of whoever signed, or "unknown". */
  readonly principal: string;
}

/** What a call meets before any service sees it. */
export interface Admission {
  readonly entry: Call;
  readonly loss: LossMode | undefined;
  readonly refusal: AwsError | undefined;
  /** It takes effect, and its caller never learns that. */
  readonly answerIsLost: boolean;
}

export const serviceUnavailable = (): AwsError =>
  new AwsError("ServiceUnavailable", "Service is temporarily unavailable. Please try again.", 503);

/** Every AWS call passes here once: it is logged, then the Region's outage and the injected faults decide. */
export class Gate {
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  admit(call: AttemptedCall): Admission {
    const { log, outages, faults } = this.#options;
    const loss = outages.outcome(call.region, call.service);
    const { region, service, operation, principal } = call;
    // These alone: a request's body may hold a secret, and the log keeps every call.
    const entry = log.add({ region, service, operation, principal, outcome: loss ?? "answered" });
    const fault =
      loss === undefined
        ? faults.take("refuse", call.service, call.operation, call.region)
        : undefined;
    const refusal =
      fault &&
      new AwsError(
        fault.errorCode ?? "ServiceUnavailable",
        fault.message ?? `${call.operation} fails because a fault was injected.`,
        fault.status ?? (fault.errorCode === undefined ? 503 : 400),
      );
    const answerIsLost =
      loss === undefined &&
      refusal === undefined &&
      faults.take("lose-answer", call.service, call.operation, call.region) !== undefined;
    return { entry, loss, refusal, answerIsLost };
  }

  /** A Region that was lost while a call was under way never sends its answer. */
  lossOf(call: AttemptedCall): LossMode | undefined {
    return this.#options.outages.outcome(call.region, call.service);
  }
}
