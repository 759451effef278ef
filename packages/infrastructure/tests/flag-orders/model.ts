/*
 * What a person may type, and a model of the cloud and of the engine's state that it is typed at. The program in it is the real one,
 * run under mocks; modelled is what the engine and the provider make of what it declares (facts of the provider: an update without
 * `replicateSourceDb` promotes, one that adds it is refused, ignoreChanges keeps what the state says).
 */

/** One thing that a person does. */
export const operations = [
  "failover on",
  "failover off",
  "readOnlyFailover on",
  "readOnlyFailover off",
  "up prod-east",
  "up prod-west",
  "refresh prod-west",
  "promote by hand",
  "lose us-east-1",
  "restore us-east-1",
] as const;
export type Operation = (typeof operations)[number];

/** Everything that an operation's outcome depends on, and nothing else: two sequences that end here are the same from here on. */
export interface Situation {
  readonly failover: boolean;
  readonly readOnlyFailover: boolean;
  readonly primaryLost: boolean;
  /** The recovery Region's database, and the tag on it. */
  readonly standalone: boolean;
  readonly promotionTag: boolean;
  /** It was promoted while applications went on writing to the other one. */
  readonly stale: boolean;
  /** Applications wrote to it. */
  readonly written: boolean;
  readonly recordInWest: boolean;
  /** What prod-west's state says of the database. */
  readonly stateSource: boolean;
  readonly stateTag: boolean;
  /** prod-west's last outputs. */
  readonly outputMode: "replica" | "standalone";
  readonly outputRegion: "us-east-1" | "us-west-2";
  /** The flags that the last green update of prod-west was made with: what the record may name. */
  readonly askedReadOnly: boolean;
}

/** Both stacks are deployed, nothing is lost, no flag is set. */
export const deployed: Situation = {
  failover: false,
  readOnlyFailover: false,
  primaryLost: false,
  standalone: false,
  promotionTag: false,
  stale: false,
  written: false,
  recordInWest: false,
  stateSource: true,
  stateTag: false,
  outputMode: "replica",
  outputRegion: "us-east-1",
  askedReadOnly: false,
};

export const keyOf = (situation: Situation): string => Object.values(situation).join(" ");

/** Applications write wherever the record lets them: to the primary Region's database unless it is lost, to a standalone one of the recovery Region. */
export function withWrites(situation: Situation): Situation {
  const { recordInWest, standalone, primaryLost, stale, written } = situation;
  if (recordInWest) return { ...situation, written: written || standalone };
  return { ...situation, stale: stale || (standalone && !primaryLost) };
}

/** What must never be true, in words. */
export function violations(situation: Situation): readonly string[] {
  const { recordInWest, standalone, stale, written, askedReadOnly } = situation;
  const found: string[] = [];
  if (recordInWest && !standalone && !askedReadOnly)
    found.push("the CNAME names a read-only database that no flag asked for");
  if (recordInWest && stale) found.push("the CNAME names a stale database of the recovery Region");
  if (!recordInWest && written)
    found.push("the CNAME names the primary Region's database, which lacks writes");
  return found;
}

/** The operations that neither program nor engine takes part in. */
export function byHand(situation: Situation, operation: Operation): Situation {
  switch (operation) {
    case "failover on":
    case "failover off":
      return { ...situation, failover: operation === "failover on" };
    case "readOnlyFailover on":
    case "readOnlyFailover off":
      return { ...situation, readOnlyFailover: operation === "readOnlyFailover on" };
    case "lose us-east-1":
    case "restore us-east-1":
      return { ...situation, primaryLost: operation === "lose us-east-1" };
    case "promote by hand":
      return { ...situation, standalone: true };
    case "refresh prod-west":
      return {
        ...situation,
        stateSource: !situation.standalone,
        stateTag: situation.promotionTag,
      };
    default:
      return situation;
  }
}
