import type { Call, Dials, LossMode } from "@standby/local-cloud";
import type { DnsSwitch, StackOutputs } from "@standby/topology";
import type { Course } from "./course.ts";
import type { Answer } from "./dns-watch.ts";
import type { Attempt } from "./history.ts";
import type { LagSample } from "./lag-watch.ts";
import type { Health } from "./orders-client.ts";
import type { PlannedChange } from "./preview.ts";
import type { Rotation } from "./rotation-watch.ts";

export interface Phase {
  readonly name: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
}

/** What a run that should change nothing did. */
export interface QuietRun {
  readonly stack: string;
  readonly changed: boolean;
}

/** Which acknowledged orders were still there when they were asked for through the recovery Region. */
export interface Verification {
  readonly missing: readonly string[];
  readonly checked: number;
}

interface StackFileHashes {
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

/** The evidence as it was when the first failover had been proved: its checks judge nothing of what came after. */
export const firstStory = (evidence: Evidence): Evidence => {
  const { firstFailoverAt: end } = evidence;
  if (end === undefined) return evidence;
  return {
    ...evidence,
    attempts: evidence.attempts.filter(({ endedAt }) => endedAt <= end),
    answers: evidence.answers.filter(({ at }) => at <= end),
  };
};

/**
 * What was seen, from outside: by clients, by a resolver, in the request log, in the engine's output. The local cloud's own
 * state is not in it. Fields fill up as the drill goes on; one that stays undefined was not reached, and no check that needs
 * it can hold. Times are milliseconds since the epoch.
 */
export interface Evidence {
  readonly lossMode: LossMode;
  /** How the name moves. */
  readonly dnsSwitch: DnsSwitch;
  /** Route 53's control plane was lost with the Region. */
  readonly route53IsDown: boolean;
  readonly primaryRegion: string;
  readonly recoveryRegion: string;
  /** ARN of whoever signs the load's calls. */
  readonly workloadPrincipal: string;
  readonly phases: readonly Phase[];
  readonly attempts: readonly Attempt[];
  readonly answers: readonly Answer[];
  readonly lags: readonly LagSample[];
  dials?: Dials;
  databaseServer?: string;
  outputs?: { readonly primary: StackOutputs; readonly recovery: StackOutputs };
  secondUps?: readonly QuietRun[];
  preview?: readonly PlannedChange[];
  lossAt?: number;
  /** The failover was begun: the flag was set, or the command typed. */
  flagAt?: number;
  movedBy?: "flag" | "command";
  callsAfterLoss?: readonly Call[];
  repeatedFailover?: QuietRun;
  health?: Health;
  verification?: Verification;
  /** Only of a drill that rotates. */
  rotations?: Rotation[];
  stackFiles?: StackFileHashes;
  /** Where the first failover's story ends; what comes later belongs to the course alone. */
  firstFailoverAt?: number;
  course?: Course;
  /** Why the drill ended early. */
  failure?: string;
}
