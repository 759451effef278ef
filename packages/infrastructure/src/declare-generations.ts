import { RegionalDatabase, type RegionalDatabaseArgs } from "./components/regional-database.ts";
import type { Birth, Generations, PlannedDatabase } from "./generations.ts";

/**
 * Declares every generation: the engine refuses to let go of a protected database, and is right. Returns the last one, which is the
 * Region's database.
 */
export function declareGenerations<Kind extends Birth>(
  databases: Generations<Kind>,
  argsOf: (database: PlannedDatabase<Kind>) => RegionalDatabaseArgs,
): RegionalDatabase {
  const declare = (database: PlannedDatabase<Kind>) =>
    new RegionalDatabase(`database-${database.generation}`, argsOf(database));
  const [latest, ...older] = databases.toReversed();
  for (const database of older) declare(database);
  if (!latest) throw new TypeError("a Region has at least one database");
  return declare(latest);
}
