import { generationOf } from "@standby/topology";
import { isBornFrom, newReplica, type PlannedDatabase, type ReplicaBirth } from "./generations.ts";
import type { ObservedDatabase } from "./observe.ts";
import type { Refusal } from "./refusal.ts";

export interface SuccessionFacts {
  readonly stack: string;
  readonly service: string;
  readonly replicateFrom: string | undefined;
  /** Oldest generation first. */
  readonly databases: readonly ObservedDatabase[];
  /** From this stack's last outputs. */
  readonly lastDatabase: string | undefined;
  /** Applications write to a database of this Region, or are about to. */
  readonly active: boolean;
}

/** What `replicateFrom` asks for: a next generation, nothing (any more), or something that must not be. */
export function decideSuccession(facts: SuccessionFacts): {
  readonly next?: PlannedDatabase<ReplicaBirth>;
  readonly refusal?: Refusal;
} {
  const { replicateFrom, databases, active } = facts;
  if (replicateFrom === undefined || isBornFrom(databases, replicateFrom)) return {};
  const current = databases.at(-1);
  const refusal = (reason: string) => ({ refusal: refusalOf(facts.stack, reason) });
  if (active)
    return refusal(
      "asks for a replica in the Region that takes writes; it is for the Region that has to become a standby again",
    );
  if (generationOf(facts.service, replicateFrom.split(":").at(-1) ?? "") === undefined)
    return refusal("names a database that is not one of this service");
  if (current?.sourceArn !== undefined)
    return refusal("asks for another replica beside the one that replicates already");
  const last = current?.generation ?? lastGeneration(facts);
  if (last === undefined)
    return refusal(
      "asks for a next database where there never was one; the first one needs no source named",
    );
  return { next: newReplica(last + 1, replicateFrom) };
}

const lastGeneration = ({ service, lastDatabase }: SuccessionFacts): number | undefined =>
  lastDatabase === undefined ? undefined : generationOf(service, lastDatabase);

const refusalOf = (stack: string, reason: string): Refusal => ({
  key: "standby:replicateFrom",
  reason,
  next: `pulumi config set replicateFrom "" -s ${stack}`,
});
