import type { DatabaseAnswer } from "@standby/topology";
import type { LiveDatabase, LiveRecord } from "./actions.ts";
import { within } from "./call-within.ts";
import { RefusedError } from "./errors.ts";
import { startHearing } from "./hearing.ts";
import { estimateLoss, type Loss } from "./loss.ts";
import type { MoveContext } from "./move.ts";
import { type Look, look } from "./seen.ts";
import { primarySide, recoverySide } from "./side.ts";
import { isSwitched } from "./steps/publish-name.ts";

/** What can be known before a failover. Everything of the lost Region may be missing; nothing here depends on it. */
export interface FailoverEvidence {
  /** The recovery Region's database: still a replica, or promoted by this failover's earlier run or somebody else. */
  readonly target: LiveDatabase;
  /** Undefined when the source did not answer in time. */
  readonly source: LiveDatabase | undefined;
  readonly loss: Loss;
  /** Undefined when Route 53's control plane did not answer, or the zone has no such record. */
  readonly record: LiveRecord | undefined;
  /** What a person should know although it stops nothing. */
  readonly warnings: readonly string[];
}

/** @throws RefusedError when there is nothing to fail over to */
export async function gatherEvidence(
  context: MoveContext,
  signal: AbortSignal,
): Promise<FailoverEvidence> {
  const hearing = startHearing(signal, context.deadlines.lostRegion);
  const [source, recovery, name] = await Promise.all([
    lookAtSource(context, hearing.in(primarySide(context.deployment).region)),
    lookAtRecovery(context, hearing.elsewhere, signal),
    lookAtName(context, signal),
  ]);
  const { target, inside } = recovery;
  const warnings = [...recovery.warnings, ...name.warnings];
  const isPromoted = target.sourceArn === undefined;
  const at = new Date(context.clock.now());
  const loss = estimateLoss({ replica: inside, source: source?.inside, isPromoted, at });
  return { target, source: source?.database, loss, record: name.record, warnings };
}

/** A control plane that is down stops no promotion: the name follows when it answers. */
async function lookAtName(
  { actions, deadlines, deployment }: MoveContext,
  signal: AbortSignal,
): Promise<{ readonly record: LiveRecord | undefined; readonly warnings: readonly string[] }> {
  // A name that a health check moves needs no Route 53, and none is asked.
  if (isSwitched(deployment)) return { record: undefined, warnings: [] };
  try {
    return { record: await actions.record(within(deadlines.lostRegion, signal)), warnings: [] };
  } catch {
    signal.throwIfAborted();
    const warning = `Route 53's control plane does not answer: the database can be promoted, and ${deployment.databaseHostName} moves when it does.`;
    return { record: undefined, warnings: [warning] };
  }
}

async function lookAtRecovery(context: MoveContext, { ear }: Look, signal: AbortSignal) {
  const { region, stack } = recoverySide(context.deployment);
  const warnings: string[] = [];
  const [databases, secret] = await Promise.all([
    context.actions.databases(region, signal).then((seen) => {
      ear?.answered();
      return seen;
    }),
    askOrWarn(
      () => context.actions.ask(region, { ask: "secret" }, within(30, signal)),
      warnings,
      signal,
    ),
  ]);
  const target = databases.at(-1);
  if (!target)
    throw new RefusedError(
      `There is no database of ${context.deployment.service} in ${region} to fail over to.`,
      [],
      [`aws rds describe-db-instances --region ${region}`, `pulumi up --refresh -s ${stack}`],
    );
  if (secret && secret.host !== context.deployment.databaseHostName)
    warnings.push(
      `The secret in ${region} names another host than ${context.deployment.databaseHostName}: the application will not follow the name.`,
    );
  const inside = await insideOf(context, target, warnings, signal);
  return { target, inside, warnings };
}

const insideOf = async (
  { actions }: MoveContext,
  { region, address }: LiveDatabase,
  warnings: string[],
  signal: AbortSignal,
): Promise<DatabaseAnswer | undefined> =>
  address === undefined
    ? undefined
    : await askOrWarn(
        () => actions.ask(region, { ask: "database", address }, within(30, signal)),
        warnings,
        signal,
      );

/** The probe is asked for what nobody else can say; that it cannot say it holds up no failover. */
async function askOrWarn<Answer>(
  ask: () => Promise<
    | { readonly ok: true; readonly answer: Answer }
    | { readonly ok: false; readonly failure: { readonly message: string } }
  >,
  warnings: string[],
  signal: AbortSignal,
): Promise<Answer | undefined> {
  try {
    const reply = await ask();
    if (reply.ok) return reply.answer;
    warnings.push(reply.failure.message);
  } catch (error) {
    signal.throwIfAborted();
    warnings.push(error instanceof Error ? error.message : String(error));
  }
  return undefined;
}

/**
 * Whether the old source answers, which a fence is worth a short wait for. What STS says there is not needed: several
 * services that are silent together are a Region that is given up sooner. Once it is, nothing of it is asked again.
 */
async function lookAtSource(
  context: MoveContext,
  sight: Look,
): Promise<
  { readonly database: LiveDatabase; readonly inside: DatabaseAnswer | undefined } | undefined
> {
  const { actions, deployment } = context;
  const { region } = primarySide(deployment);
  look("STS", sight, (both) => actions.caller(region, both)).catch(() => {});
  const databases = await look("RDS", sight, (both) => actions.databases(region, both));
  const database = databases.seen
    ? databases.value.findLast(({ sourceArn }) => sourceArn === undefined)
    : undefined;
  if (!database) return undefined;
  const inside = await look("the database", sight, (both) => insideOf(context, database, [], both));
  return { database, inside: inside.seen ? inside.value : undefined };
}
