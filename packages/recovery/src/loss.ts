import {
  countTransactions,
  type DatabaseAnswer,
  missingTransactions,
  parseTransactions,
  type RecoveryPoint,
} from "@standby/topology";

/** What a failover would lose, as far as anybody can know it before it. */
export type Loss =
  /** The source answered: the transactions that the replica lacks, one by one. */
  | {
      readonly kind: "counted";
      readonly transactions: number;
      /** The replica still receives and applies: what it lacks is on its way. */
      readonly isReplicating: boolean;
      /** How long it has been on its way, by the replication's own figure. */
      readonly lagSeconds: number | null;
    }
  /** By the replication's own figure. */
  | {
      readonly kind: "seconds";
      readonly seconds: number;
      readonly lastKnown: string | undefined;
      /** Of the newest heartbeat, when there is one. */
      readonly lastKnownAgeSeconds: number | undefined;
    }
  /** Replication does not run, or nobody can say: never to be read as 0. */
  | { readonly kind: "unknown"; readonly lastKnown: string | undefined }
  /** It was promoted already: what was lost is lost. */
  | { readonly kind: "done" };

export interface LossFacts {
  /** Inside the replica that would be promoted. */
  readonly replica: DatabaseAnswer | undefined;
  /** Inside the source, when it still answers. */
  readonly source: DatabaseAnswer | undefined;
  readonly isPromoted: boolean;
  readonly at: Date;
}

export function estimateLoss({ replica, source, isPromoted, at }: LossFacts): Loss {
  if (isPromoted) return { kind: "done" };
  const lastKnown = replica?.heartbeat?.writtenAt;
  if (!replica) return { kind: "unknown", lastKnown };
  if (source) {
    const missing = missingTransactions(
      parseTransactions(source.transactions),
      parseTransactions(replica.transactions),
    );
    const { receiving = false, applying = false, lagSeconds = null } = replica.replication ?? {};
    return {
      kind: "counted",
      transactions: countTransactions(missing),
      isReplicating: receiving && applying,
      lagSeconds,
    };
  }
  const seconds = replica.replication?.lagSeconds ?? null;
  return seconds === null
    ? { kind: "unknown", lastKnown }
    : { kind: "seconds", seconds, lastKnown, lastKnownAgeSeconds: ageOf(lastKnown, at) };
}

/** `--accept-data-loss` */
export type AcceptedLoss = number | "unknown" | undefined;

/** A clock that is ahead of ours is no age. */
const ageOf = (writtenAt: string | undefined, at: Date): number | undefined =>
  writtenAt === undefined
    ? undefined
    : Math.max(0, Math.round((at.getTime() - Date.parse(writtenAt)) / 1000));

/** Why this loss may not be taken without a word, or undefined. `unknown` accepts any; a number accepts no unknown one. */
export function lossRefusal(
  loss: Loss,
  accepted: AcceptedLoss,
  objective: RecoveryPoint,
): string | undefined {
  if (loss.kind === "done" || accepted === "unknown") return undefined;
  if (loss.kind === "unknown")
    return "Nobody can say how much is lost: replication does not run. Only --accept-data-loss unknown takes that.";
  if (loss.kind === "seconds")
    return (
      ageRefusal(loss.lastKnownAgeSeconds, objective) ??
      lagRefusal(loss.seconds, accepted, objective)
    );
  if (loss.transactions === 0) return undefined;
  return loss.isReplicating
    ? lagRefusal(loss.lagSeconds ?? 0, accepted, objective)
    : `Replication does not run, and ${loss.transactions} transactions of the source are not on the replica. Only --accept-data-loss unknown takes that.`;
}

/** A source that answers now may fall silent under the fence: then what is on its way is lost. */
function lagRefusal(
  seconds: number,
  accepted: number | undefined,
  { maximumLagSeconds }: RecoveryPoint,
): string | undefined {
  const limit = Math.max(maximumLagSeconds, accepted ?? 0);
  return seconds <= limit
    ? undefined
    : `The replica is ${seconds} s behind, more than the ${limit} s that may be lost: --accept-data-loss ${Math.ceil(seconds)} takes that.`;
}

/** A server that has not noticed that its source is gone goes on telling its last lag. */
const ageRefusal = (
  ageSeconds: number | undefined,
  { maximumAgeSeconds }: RecoveryPoint,
): string | undefined =>
  ageSeconds === undefined || ageSeconds <= maximumAgeSeconds
    ? undefined
    : `The newest heartbeat on the replica is ${ageSeconds} s old, more than the ${maximumAgeSeconds} s for which its lag is believed. Only --accept-data-loss unknown takes that.`;

export function lossText(loss: Loss): string {
  switch (loss.kind) {
    case "counted":
      return loss.transactions === 0
        ? "Nothing would be lost: the replica has every transaction of the source."
        : `${loss.transactions} transactions of the source are not on the replica${loss.isReplicating ? " yet" : ", which does not replicate"}.`;
    case "seconds":
      return `The replica is ${loss.seconds} s behind by its own figure, which says nothing of writes that never left the lost Region.${known(loss.lastKnown)}`;
    case "unknown":
      return `How much would be lost is unknown: replication does not run.${known(loss.lastKnown)}`;
    case "done":
      return "The database is promoted already: nothing more is lost.";
  }
}

const known = (lastKnown: string | undefined): string =>
  lastKnown === undefined
    ? " There is no heartbeat to go by."
    : ` Its newest heartbeat was written at ${lastKnown}: everything until then is there.`;
