import type { Permission } from "./iam/policy.ts";
import type { LossMode, ServiceName } from "./outages.ts";

/** One AWS API call as the endpoint saw it, whether it was answered or not. */
export interface Call {
  readonly sequence: number;
  /** ISO 8601 with milliseconds. */
  readonly at: string;
  readonly region: string;
  readonly service: ServiceName;
  readonly operation: string;
  /** ARN of whoever signed, or "unknown". */
  readonly principal: string;
  /** `answered`, or how the lost Region failed it. */
  readonly outcome: "answered" | LossMode;
  /** HTTP status; undefined while (or for ever when) there is no answer. */
  status?: number;
  /** What the caller has to be allowed, its own action first; undefined for a call that came to no service. */
  permissions?: readonly Permission[];
  /** AWS error code of a refused call. */
  errorCode?: string;
}

export interface CallFilter {
  readonly region?: string;
  /** Only calls with `sequence` above this one. */
  readonly after?: number;
  readonly principal?: string;
}

/** Every AWS call, in order: the evidence for "nothing in the lost Region was touched". */
export class RequestLog {
  readonly #calls: Call[] = [];
  readonly #listeners = new Set<(call: Call) => void>();

  add(call: Omit<Call, "sequence" | "at">): Call {
    const entry: Call = { sequence: this.#calls.length + 1, at: new Date().toISOString(), ...call };
    this.#calls.push(entry);
    for (const listener of this.#listeners) listener(entry);
    return entry;
  }

  /** Called for each call before it takes effect. Returns the function that ends it. */
  onCall(listener: (call: Call) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The sequence number of the newest call: pass it as `after` to see only what comes later. */
  get last(): number {
    return this.#calls.length;
  }

  calls(filter: CallFilter = {}): readonly Call[] {
    return this.#calls.filter(
      (call) =>
        (filter.region === undefined || call.region === filter.region) &&
        (filter.after === undefined || call.sequence > filter.after) &&
        (filter.principal === undefined || call.principal === filter.principal),
    );
  }
}
