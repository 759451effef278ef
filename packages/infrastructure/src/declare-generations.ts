import { type DatabasePlace, readDatabase } from "./components/database-place.ts";
import { RegionalDatabase, type RegionalDatabaseArgs } from "./components/regional-database.ts";
import type { AdoptedBirth, Birth, Generations, PlannedDatabase } from "./generations.ts";

/** A generation that this program declares. */
export type DeclaredDatabase<Kind extends Birth = Birth> = PlannedDatabase<
  Exclude<Kind, AdoptedBirth>
>;

/**
 * Declares every generation but the adopted one: the engine refuses to let go of a protected database, and is right. Returns the last
 * one, which is the Region's database.
 */
export function declareGenerations<Kind extends Birth>(
  databases: Generations<Kind>,
  argsOf: (database: DeclaredDatabase<Kind>) => RegionalDatabaseArgs,
): DatabasePlace {
  const declare = (database: PlannedDatabase<Kind>): DatabasePlace =>
    database.birth.kind === "adopted"
      ? readDatabase(database.birth.output)
      : new RegionalDatabase(
          `database-${database.generation}`,
          argsOf(database as DeclaredDatabase<Kind>),
        );
  const [latest, ...older] = databases.toReversed();
  for (const database of older) declare(database);
  if (!latest) throw new TypeError("a Region has at least one database");
  return declare(latest);
}
