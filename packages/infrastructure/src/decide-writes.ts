import type { Notice } from "./decide.ts";
import type { PlannedDatabase, Writes } from "./generations.ts";
import type { Refusal } from "./refusal.ts";

export interface WritesFacts {
  readonly stack: string;
  readonly region: string;
  readonly identifier: string;
  /** The Region's database, as it is going to be. */
  readonly database: PlannedDatabase;
  readonly fenced: boolean;
  /** This stack's last update fenced the Region's database. */
  readonly lastFenced: boolean;
  /** The CNAME names a database of the other Region that takes writes. */
  readonly isWrittenElsewhere: boolean;
  /** It was born as a replica of the database that takes writes, and lacks none of its predecessors' writes. */
  readonly isRebuilt: boolean;
}

/** Whether the Region's database takes writes. A fence goes up whenever it is asked for, and comes down where that splits nothing. */
export function decideWrites(facts: WritesFacts): {
  readonly writes: Writes;
  readonly notice?: Notice;
  readonly refusal?: Refusal;
} {
  if (facts.fenced) return { writes: "refused" };
  const { birth } = facts.database;
  const isReplica = birth.kind !== "created" && birth.link === "replicate";
  if (!facts.isWrittenElsewhere || isReplica || facts.isRebuilt) return { writes: "taken" };
  if (facts.lastFenced) return { writes: "kept", refusal: splitting(facts) };
  // A fence that was set by API, before the flag was written, must survive an update that refreshes.
  return { writes: "kept", notice: unfenced(facts) };
}

const splitting = ({ stack, identifier }: WritesFacts): Refusal => ({
  key: "standby:fenced",
  reason: `would let ${identifier} take writes while the CNAME names the other Region's database, which takes them: the data would split`,
  next: `pulumi config set fenced true -s ${stack}`,
});

const unfenced = ({ stack, region, identifier }: WritesFacts): Notice => ({
  message: `${identifier} in ${region} is not fenced, and the CNAME names the other Region's database: whoever still reaches this one writes what the other lacks`,
  next: `pulumi config set fenced true -s ${stack} && pulumi up -s ${stack}`,
});
