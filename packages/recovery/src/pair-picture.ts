import type { LiveDatabase } from "./actions.ts";
import { databasesOfBoth } from "./both-regions.ts";
import { RefusedError } from "./errors.ts";
import type { MoveContext } from "./move.ts";
import { otherSide, primarySide, recoverySide, type Side } from "./side.ts";

/** Both Regions, by what RDS shows of them: which one takes writes, and what the other one has. */
export interface PairPicture {
  readonly active: Side;
  readonly standby: Side;
  readonly writer: LiveDatabase;
  /** The standby Region's newest database, when it replicates from the writer. */
  readonly replica: LiveDatabase | undefined;
  /** The standby Region's newest database that took writes once and lacks the writer's. */
  readonly stale: LiveDatabase | undefined;
  /** Every database of the standby Region that is not its replica, oldest first. */
  readonly former: readonly LiveDatabase[];
}

/**
 * Needs both Regions. The writer is the source of the other Region's replica; without a replica, the standalone database that is not
 * fenced; of two such, the one that the CNAME was moved to last.
 *
 * @throws RefusedError when there is no writer
 */
export async function lookAtPair(context: MoveContext, signal: AbortSignal): Promise<PairPicture> {
  const sides = [primarySide(context.deployment), recoverySide(context.deployment)] as const;
  const databases = (await databasesOfBoth(context, "rebuild", signal)).flat();
  const writer = await findWriter(context, sides, databases, signal);
  if (!writer)
    throw new RefusedError(
      `No database of ${context.deployment.service} takes writes in either Region.`,
      [],
      ["standby status"],
    );
  const active = sides.find(({ region }) => region === writer.region) ?? sides[0];
  const standby = otherSide(context.deployment, active);
  const there = databases.filter(({ region }) => region === standby.region);
  const replica = there.findLast(({ sourceArn }) => sourceArn === writer.arn);
  const former = there.filter((database) => database !== replica);
  return {
    active,
    standby,
    writer,
    replica,
    former,
    stale: former.findLast(({ sourceArn }) => sourceArn === undefined),
  };
}

async function findWriter(
  context: MoveContext,
  sides: readonly Side[],
  databases: readonly LiveDatabase[],
  signal: AbortSignal,
): Promise<LiveDatabase | undefined> {
  const newest = sides.flatMap(({ region }) => {
    const last = databases.findLast((database) => database.region === region);
    return last ? [last] : [];
  });
  for (const { sourceArn } of newest) {
    const source = databases.find(({ arn }) => arn === sourceArn);
    if (source) return source;
  }
  const standalone = newest.filter(({ sourceArn }) => sourceArn === undefined);
  const open: LiveDatabase[] = [];
  for (const database of standalone) {
    const { value } = await context.actions.writeAccess(database, signal);
    if (value !== "1") open.push(database);
  }
  return open.length === 1
    ? open[0]
    : open.find(({ region }) => region === context.deployment.recovery.recordRegion);
}
