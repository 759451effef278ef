import type { ServiceName } from "./outages.ts";

/** A refusal or a broken outcome that a test or a drill asks for beforehand. */
export interface Fault {
  readonly service: ServiceName;
  readonly operation: string;
  readonly region?: string;
  /** How many calls it spoils. */
  times: number;
  /**
   * `refuse`: the call is answered with the error. `fail-later`: the call is accepted and what it started does not come about
   * (a promotion that ends with the replica still a replica, a change of a record that stays PENDING). `lose-answer`: the call does
   * what it is for, and the connection ends before the answer.
   */
  readonly kind: "refuse" | "fail-later" | "lose-answer";
  readonly errorCode?: string;
  readonly status?: number;
  readonly message?: string;
}

export class Faults {
  readonly #faults: Fault[] = [];

  add(fault: Fault): void {
    this.#faults.push({ ...fault });
  }

  /** Whatever is left of them spoils nothing more. */
  clear(): void {
    this.#faults.length = 0;
  }

  /** Uses up one of the matching fault's times. */
  take(
    kind: Fault["kind"],
    service: ServiceName,
    operation: string,
    region: string,
  ): Fault | undefined {
    const fault = this.#faults.find(
      (each) =>
        each.kind === kind &&
        each.service === service &&
        each.operation === operation &&
        (each.region === undefined || each.region === region) &&
        each.times > 0,
    );
    if (fault) fault.times -= 1;
    return fault;
  }
}
