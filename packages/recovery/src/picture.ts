import { parseRdsEndpoint } from "@standby/topology";
import type { DatabaseObservation, Observation, RegionObservation } from "./observation.ts";

/** One database with its Region. */
export interface PlacedDatabase extends DatabaseObservation {
  readonly region: string;
  /** Undefined: nobody could tell, and then it counts as a writer for nobody and as harmless for nobody. */
  readonly writable: boolean | undefined;
}

/** Who takes writes and who could, read off an observation. */
export interface Picture {
  readonly databases: readonly PlacedDatabase[];
  /** Databases that take writes, as far as was seen. */
  readonly writers: readonly PlacedDatabase[];
  /** The newest generation of each Region that was seen and has one. */
  readonly current: readonly PlacedDatabase[];
  /** What the CNAME names: by Route 53, else by what the Regions' resolvers answer. */
  readonly recordTarget: string | undefined;
  readonly named: PlacedDatabase | undefined;
  /** Where the writer is; where the CNAME points when the writer cannot be seen. */
  readonly activeRegion: string | undefined;
  readonly unseenRegions: readonly RegionObservation[];
}

export function pictureOf({ regions, record }: Observation): Picture {
  const both = [regions.primary, regions.recovery];
  const databases = both.flatMap(placed);
  const writers = databases.filter(({ writable }) => writable === true);
  const recordTarget = record.seen ? record.value.target : answeredTarget(both);
  const named = databases.find(({ address }) => address !== undefined && address === recordTarget);
  const namedRegion = named?.region ?? parseRdsEndpoint(recordTarget ?? "")?.region;
  return {
    databases,
    writers,
    current: both.flatMap(
      ({ region }) => databases.findLast((each) => each.region === region) ?? [],
    ),
    recordTarget,
    named,
    activeRegion: activeRegion(writers, namedRegion),
    unseenRegions: both.filter((region) => !region.databases.seen),
  };
}

const placed = ({ region, databases }: RegionObservation): readonly PlacedDatabase[] =>
  databases.seen
    ? databases.value.map((database) => ({ ...database, region, writable: isWritable(database) }))
    : [];

/** A database that does not exist for its clients yet, or any more. */
const notServing = ["creating", "deleting", "failed", "stopped", "stopping", "starting"];

/** The database's own word counts; without it, what RDS and the parameter group say. */
function isWritable({
  inside,
  mode,
  status,
  fenceInSync,
}: DatabaseObservation): boolean | undefined {
  if (inside.seen) return !inside.value.readOnly;
  if (mode === "replica" || fenceInSync || notServing.includes(status)) return false;
  return status === "available" ? true : undefined;
}

const answeredTarget = (regions: readonly RegionObservation[]): string | undefined => {
  const targets = regions.flatMap(({ answer }) => (answer.seen ? (answer.value.target ?? []) : []));
  return targets.at(0);
};

function activeRegion(
  writers: readonly PlacedDatabase[],
  namedRegion: string | undefined,
): string | undefined {
  const [only, ...more] = writers;
  if (only && more.length === 0) return only.region;
  return namedRegion ?? only?.region;
}
