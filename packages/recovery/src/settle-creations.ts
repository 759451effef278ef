import type { LiveDatabase } from "./actions.ts";
import type { PendingCreation } from "./engine-creations.ts";
import {
  instanceType,
  parameterGroupType,
  securityGroupType,
  subnetGroupType,
} from "./engine-state.ts";
import { whenUnlocked } from "./engine-unlock.ts";
import { RecoveryError } from "./errors.ts";
import type { MoveContext } from "./move.ts";
import { sidesOf } from "./side.ts";
import { until } from "./until.ts";

/**
 * Puts what a killed engine had begun to create into the state when it exists, and forgets it when it does not: the next update then
 * neither makes it a second time nor fails because its name is taken. Nothing of AWS is changed. False: there was nothing to settle.
 *
 * @param deadlineSeconds - for a database that RDS still makes
 * @throws RecoveryError for a creation that only a person can judge
 */
export async function settleCreations(
  stack: string,
  deadlineSeconds: number,
  context: MoveContext,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const { engine } = context;
  const pending = await engine.pendingCreations(stack, signal);
  if (pending.length === 0) return false;
  const ids = new Map<string, string>();
  const unclear: PendingCreation[] = [];
  for (const creation of pending) {
    const id = await idOf(creation, stack, deadlineSeconds, context, report, signal);
    if (id === "unclear") unclear.push(creation);
    else if (id !== undefined) ids.set(creation.urn, id);
  }
  if (unclear.length > 0) throw onlyAPersonKnows(stack, unclear);
  const unlocking = { ...context, stack, signal, report };
  await whenUnlocked(() => engine.settleCreations(stack, ids, signal), unlocking);
  // Of a name nobody has asked whether it exists: the refresh drops what does not.
  await whenUnlocked(() => engine.refresh(stack, [...ids.keys()], signal), unlocking);
  return true;
}

/** As the provider names it; undefined for what does not exist. */
async function idOf(
  { type, physicalName, isComponent }: PendingCreation,
  stack: string,
  deadlineSeconds: number,
  context: MoveContext,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<string | undefined | "unclear"> {
  if (isComponent) return undefined;
  if (physicalName === undefined) return "unclear";
  if (type === parameterGroupType || type === subnetGroupType) return physicalName;
  if (type === securityGroupType) {
    // The next one gets another name, so that one that exists is in nobody's way.
    report(`The security group ${physicalName}, if an update that was killed made it, is unused.`);
    return undefined;
  }
  if (type !== instanceType) return "unclear";
  const region = sidesOf(context.deployment).find((side) => side.stack === stack)?.region ?? "";
  const find = async (): Promise<LiveDatabase | undefined> =>
    (await context.actions.databases(region, signal)).find(
      ({ identifier }) => identifier === physicalName,
    );
  const found = await find();
  if (!found) {
    report(`${physicalName} in ${region} was not made by the update that was killed.`);
    return undefined;
  }
  report(
    `${physicalName} in ${region} was made by an update that was killed: it is ${found.status}.`,
  );
  await until(
    {
      ...context,
      signal,
      what: `${physicalName} in ${region} to be available`,
      deadlineSeconds,
      intervalSeconds: context.deadlines.poll,
      next: [
        `aws rds describe-db-instances --db-instance-identifier ${physicalName} --region ${region}`,
        "then the same command again: it goes on here",
      ],
    },
    async () => ((await find())?.status === "available" ? true : undefined),
  );
  return found.resourceId;
}

const onlyAPersonKnows = (stack: string, creations: readonly PendingCreation[]): RecoveryError =>
  new RecoveryError(
    `An update of ${stack} was killed while it created ${creations.map(({ urn }) => urn.split("::").at(-1)).join(", ")}; whether they exist cannot be told from here.`,
    [`pulumi refresh -s ${stack}   (asks for each of them)`, "then the same command again"],
  );
