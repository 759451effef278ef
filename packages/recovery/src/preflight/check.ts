import type { Finding } from "../finding.ts";
import type { Observation, Problem, Seen } from "../observation.ts";
import type { Picture } from "../picture.ts";
import type { Surroundings } from "./surroundings.ts";

/** What the checks judge: all of it was seen before, so that none of them asks anything. */
export interface PreflightFacts {
  readonly observation: Observation;
  readonly picture: Picture;
  readonly surroundings: Surroundings;
}

export type Outcome =
  | { readonly result: "pass"; readonly detail: string }
  | { readonly result: "fail"; readonly finding: Finding }
  /** Why nothing can be said: a Region that is dark, a part that nobody asked for. */
  | { readonly result: "skipped"; readonly reason: string };

/** One named line of the preflight. */
export interface Check {
  /** Stable, kebab-case. */
  readonly id: string;
  /** What holds when it passes. */
  readonly title: string;
  /** A failover would be refused, or would not bring the application back, when it fails. */
  readonly decisive: boolean;
  readonly judge: (facts: PreflightFacts) => Outcome;
}

export const pass = (detail: string): Outcome => ({ result: "pass", detail });
export const fail = (finding: Finding): Outcome => ({ result: "fail", finding });
export const skip = (reason: string): Outcome => ({ result: "skipped", reason });

export const skipUnseen = ({ kind, message }: Problem): Outcome =>
  skip(kind === "unreachable" || kind === "denied" ? `${kind}: ${message}` : message);

/** Judges what was seen; skips what was not. */
export const whenSeen = <Thing>(part: Seen<Thing>, judge: (thing: Thing) => Outcome): Outcome =>
  part.seen ? judge(part.value) : skipUnseen(part.problem);
