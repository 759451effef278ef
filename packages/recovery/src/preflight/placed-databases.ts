import type { PlacedDatabase } from "../picture.ts";
import { type Outcome, type PreflightFacts, skip, skipUnseen } from "./check.ts";

/** The database of the recovery Region that a failover would promote. */
export function withReplica(
  { observation, picture }: PreflightFacts,
  judge: (replica: PlacedDatabase) => Outcome,
): Outcome {
  const { databases, region } = observation.regions.recovery;
  if (!databases.seen) return skipUnseen(databases.problem);
  const replica = picture.current.find((each) => each.region === region);
  return replica ? judge(replica) : skip(`${region} has no database`);
}

/** The newest database of the primary Region. */
export function withSource(
  { observation, picture }: PreflightFacts,
  judge: (source: PlacedDatabase) => Outcome,
): Outcome {
  const { databases, region } = observation.regions.primary;
  if (!databases.seen) return skipUnseen(databases.problem);
  const source = picture.current.find((each) => each.region === region);
  return source ? judge(source) : skip(`${region} has no database`);
}
