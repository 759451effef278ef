import type { LossMode } from "@standby/local-cloud";
import type { QuietRun } from "./evidence.ts";

/** One move of the writes from a Region to the other, as the person who made it noted it. Times are milliseconds since the epoch. */
export interface Move {
  /** A failover may lose what was not replicated when the Region went; a switchover may lose nothing. */
  readonly kind: "failover" | "switchover";
  readonly from: string;
  readonly to: string;
  /** Identifier of the database that took the writes before. */
  readonly source: string;
  readonly target: string;
  /** The Region was lost (failover), or the source was fenced (switchover). */
  readonly startedAt: number;
  /** The command that moved the name has returned. */
  readonly endedAt: number;
}

/** A time in which something was broken from outside. */
export interface FaultSpan {
  readonly region: string;
  readonly mode: LossMode;
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** A secret's version as a reader got it. Versions have no order of their own: the order is that of their first appearance as current. */
export interface SecretReading {
  /** `store`: asked of Secrets Manager itself. `application`: used by the application to connect. */
  readonly reader: "store" | "application";
  readonly region: string;
  readonly versionId: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What a whole course was: what was done to the pair, and what was found at its end. */
export interface Course {
  readonly moves: readonly Move[];
  readonly faults: readonly FaultSpan[];
  readonly secretReadings: readonly SecretReading[];
  /** Updates that were typed once more, after each move and each rebuild. */
  readonly repeated: readonly QuietRun[];
  /** Acknowledged orders that nobody can find at the end. */
  readonly missing: readonly string[];
  /** What the report says of the failovers together. */
  readonly reportedDataLossSeconds: number;
}
