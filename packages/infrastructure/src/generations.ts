import type { DatabaseOutput } from "@standby/topology";
import type { ObservedDatabase } from "./observe.ts";

/** How a database that was born as a replica is declared. */
export type ReplicaLink =
  /** With its source: a read replica. */
  | "replicate"
  /** Without its source for the first time, which is what promotes it in place. */
  | "promote"
  /** It is standalone already, whatever the state says: its source is neither declared nor compared. */
  | "standalone";

/** Born as a replica: it never gets the arguments of a source, whatever becomes of it. */
export interface ReplicaBirth {
  readonly kind: "replica";
  readonly link: ReplicaLink;
  /** ARN of the source that it was born from; absent: the primary stack's database. */
  readonly sourceArn?: string;
}

/** It was there before this program: it is read and never declared, so that nothing here can change or delete it. */
export interface AdoptedBirth {
  readonly kind: "adopted";
  /** What it is; a promotion of it is asked for by nobody here. */
  readonly link: Exclude<ReplicaLink, "promote">;
  readonly output: DatabaseOutput;
}

/** How a database came to be, which never changes. */
export type Birth = { readonly kind: "created" } | ReplicaBirth | AdoptedBirth;

/** Whether a database takes writes, by its own parameter group. */
export type Writes =
  /** As RDS decides: a replica refuses them, any other database takes them. */
  | "taken"
  /** Fenced: refused from everybody, in any role. */
  | "refused"
  /** Whatever its group says now. */
  | "kept";

/** One generation of a Region's database, as it is to be declared. */
export interface PlannedDatabase<Kind extends Birth = Birth> {
  readonly generation: number;
  readonly birth: Kind;
  /** A later generation took its place: it is kept, unchanged, until the API says that it is gone. */
  readonly retired: boolean;
  /** Carries the tag of a promotion that its stack was told to make. */
  readonly promotionRequested: boolean;
  /** Refused by every generation that has a successor. */
  readonly writes: Writes;
}

/** Every generation of a Region, oldest first; the last one is the Region's database. */
export type Generations<Kind extends Birth = Birth> = readonly [
  ...PlannedDatabase<Kind>[],
  PlannedDatabase<Kind>,
];

const adoptedAsItIs = (
  { generation, sourceArn, promotionRequested }: ObservedDatabase,
  output: DatabaseOutput,
  retired: boolean,
): PlannedDatabase<AdoptedBirth> => ({
  generation,
  birth: { kind: "adopted", link: sourceArn === undefined ? "standalone" : "replicate", output },
  retired,
  promotionRequested,
  writes: "kept",
});

/** A database that exists in the Region that begins with a replica, as it is. */
export const standbyAsItIs = (
  database: ObservedDatabase,
  retired: boolean,
): PlannedDatabase<ReplicaBirth | AdoptedBirth> =>
  database.adopted
    ? adoptedAsItIs(database, database.adopted.output, retired)
    : replicaAsItIs(database, retired);

/** A database that exists and was born as a replica, declared as it is. */
export const replicaAsItIs = (
  { generation, sourceArn, origin, promotionRequested }: ObservedDatabase,
  retired: boolean,
): PlannedDatabase<ReplicaBirth> => {
  const bornFrom = origin === created ? sourceArn : (origin ?? sourceArn);
  return {
    generation,
    birth: {
      kind: "replica",
      link: sourceArn === undefined ? "standalone" : "replicate",
      ...(bornFrom === undefined ? {} : { sourceArn: bornFrom }),
    },
    retired,
    // A replica that is to stay one carries no tag: a request that was taken back must not excuse a later promotion.
    promotionRequested: promotionRequested && sourceArn === undefined,
    writes: writesOf(retired),
  };
};

/** The same in the Region whose first database was created. */
export const asItIs = (database: ObservedDatabase, retired: boolean): PlannedDatabase =>
  !database.adopted && wasCreated(database)
    ? {
        generation: database.generation,
        birth: { kind: created },
        retired,
        promotionRequested: false,
        writes: writesOf(retired),
      }
    : standbyAsItIs(database, retired);

/** A database without the tag was restored by hand: it is standalone, and what it was restored from had been created. */
export const wasCreated = ({ origin, sourceArn }: ObservedDatabase): boolean =>
  origin === created || (origin === undefined && sourceArn === undefined);

const created = "created";

const writesOf = (retired: boolean): Writes => (retired ? "refused" : "taken");

/** A database that does not exist yet. */
export const newReplica = (
  generation: number,
  sourceArn?: string,
): PlannedDatabase<ReplicaBirth> => ({
  generation,
  birth: {
    kind: "replica",
    link: "replicate",
    ...(sourceArn === undefined ? {} : { sourceArn }),
  },
  retired: false,
  promotionRequested: false,
  writes: "taken",
});

export const promoted = (
  database: PlannedDatabase<ReplicaBirth>,
): PlannedDatabase<ReplicaBirth> => ({
  ...database,
  birth: { ...database.birth, link: "promote" },
  promotionRequested: true,
});

/** `replicateFrom` asks for a generation that is there already, promoted or not: it has been served and asks for nothing more. */
export const isBornFrom = (databases: readonly ObservedDatabase[], sourceArn: string): boolean =>
  databases.some((database) => database.origin === sourceArn || database.sourceArn === sourceArn);
