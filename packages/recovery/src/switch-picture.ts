import type { LiveDatabase, LiveRecord } from "./actions.ts";
import { refuseAdopted } from "./adopted.ts";
import { databasesOfBoth } from "./both-regions.ts";
import { RefusedError } from "./errors.ts";
import type { MoveContext } from "./move.ts";
import { otherSide, type Side, sidesOf } from "./side.ts";
import { readFlags } from "./stack-file.ts";
import { isSwitched } from "./steps/publish-name.ts";

/** What a switchover changes: from the database that takes writes, or did until this switchover fenced it, to the other Region's. */
export interface Switch {
  readonly from: Side;
  readonly to: Side;
  readonly source: LiveDatabase;
  /** A replica of the source, or promoted by an earlier run. */
  readonly target: LiveDatabase;
  /** Undefined when Route 53's control plane did not show it. */
  readonly record: LiveRecord | undefined;
  /** The source refuses writes already and no flag asks for that: an earlier run fenced it. */
  readonly wasFenced: boolean;
  /** The target is promoted, or RDS is about it: from here on there is only forward, and the source stays fenced. */
  readonly begun: boolean;
}

/** A promotion shows as a change of status before it shows as a lost source. */
const isBegun = ({ sourceArn, status, promotionRequested }: LiveDatabase): boolean =>
  sourceArn === undefined || (promotionRequested && status !== "available");

/**
 * @param resumes - the last switchover did not come to its end
 * @throws RefusedError when the other Region cannot take the writes over
 */
export async function lookAtSwitch(
  context: MoveContext,
  signal: AbortSignal,
  resumes: boolean,
): Promise<Switch> {
  const { deployment, actions } = context;
  const sides = sidesOf(deployment);
  refuseAdopted(deployment.service, "switchover", sides);
  const [inEast, inWest] = await databasesOfBoth(context, "switchover", signal);
  const [east, west] = [inEast.at(-1), inWest.at(-1)];
  if (!east || !west) throw withoutStandby(context, !east ? sides[0].region : sides[1].region);
  const [source, target] =
    west.sourceArn === east.arn
      ? [east, west]
      : east.sourceArn === west.arn
        ? [west, east]
        : await halfWay(context, [east, west], resumes, signal);
  const from = source.region === sides[0].region ? sides[0] : sides[1];
  const [{ value }, { fenced = "false" }, record] = await Promise.all([
    actions.writeAccess(source, signal),
    readFlags(context.projectFolder, from.stack),
    lookAtRecord(context, signal),
  ]);
  return {
    from,
    to: otherSide(deployment, from),
    source,
    target,
    record,
    wasFenced: value === "1" && fenced !== "true",
    begun: isBegun(target),
  };
}

async function lookAtRecord(
  { actions, deployment }: MoveContext,
  signal: AbortSignal,
): Promise<LiveRecord | undefined> {
  if (isSwitched(deployment)) return undefined;
  try {
    return await actions.record(signal);
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/**
 * No replica: either there is no standby, or an earlier run got as far as the promotion. Then the source is fenced, the target carries
 * the tag of a promotion, and the name or the flags have not followed yet.
 */
async function halfWay(
  context: MoveContext,
  [east, west]: readonly [LiveDatabase, LiveDatabase],
  resumes: boolean,
  signal: AbortSignal,
): Promise<readonly [source: LiveDatabase, target: LiveDatabase]> {
  if (east.sourceArn === undefined && west.sourceArn === undefined) {
    const [eastAccess, westAccess] = await Promise.all(
      [east, west].map(
        async (database) => (await context.actions.writeAccess(database, signal)).value,
      ),
    );
    const pairs = [
      { source: east, target: west, fenced: eastAccess === "1" && westAccess !== "1" },
      { source: west, target: east, fenced: westAccess === "1" && eastAccess !== "1" },
    ];
    const found = pairs.find(({ fenced, target }) => fenced && target.promotionRequested);
    if (found && (resumes || !(await isSettled(context, found.target, signal))))
      return [found.source, found.target];
  }
  const active = context.deployment.recovery.recordRegion ?? context.deployment.primaryRegion;
  throw withoutStandby(context, [east, west].find(({ region }) => region !== active)?.region ?? "");
}

/** The name, the outputs and the flags say that the target is the writer: an earlier switchover is over. */
async function isSettled(
  { engine, deployment, projectFolder }: MoveContext,
  target: LiveDatabase,
  signal: AbortSignal,
): Promise<boolean> {
  const { recoveryStack, primaryStack, recoveryRegion } = deployment;
  const outputs = (await engine.outputs(recoveryStack, signal)) as { recordRegion?: string };
  const flags = await readFlags(projectFolder, recoveryStack);
  const { fenced = "false" } = await readFlags(projectFolder, primaryStack);
  const isInRecovery = target.region === recoveryRegion;
  return (
    outputs.recordRegion === target.region &&
    (flags.failover === "true") === isInRecovery &&
    (fenced === "true") === isInRecovery
  );
}

const withoutStandby = ({ deployment }: MoveContext, region: string): RefusedError =>
  new RefusedError(
    `${region} has no replica of the database that takes the writes of ${deployment.service}: nothing can take over.`,
    [],
    ["standby rebuild", "standby status"],
  );
