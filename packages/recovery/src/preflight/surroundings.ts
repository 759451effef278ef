import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { GetHostedZoneCommand } from "@aws-sdk/client-route-53";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { functionEnvironment, type StackOutputs, splitHostPatterns } from "@standby/topology";
import type { Checkout } from "../checkout.ts";
import type { StackPair } from "../deployment.ts";
import { EngineLockedError } from "../engine-errors.ts";
import type { PlannedOperation } from "../engine-preview.ts";
import type { StackState } from "../engine-state.ts";
import type { Seen } from "../observation.ts";
import { observationDeadlineSeconds } from "../observe.ts";
import { type Look, look, startLook, unseen } from "../seen.ts";
import type { Session } from "../session.ts";
import { readAwsSettings } from "./aws-settings.ts";
import { type Installation, readInstallation } from "./installation.ts";

export interface FunctionFacts {
  readonly name: string;
  readonly codeSha256: string;
  /** Undefined for a function that was told of none. */
  readonly allowedHosts: readonly string[] | undefined;
}

export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** Undefined for credentials that do not expire. */
  readonly expiresAt: Date | undefined;
}

/** What the program's state says of a stack, or who has it locked. */
export type StackFacts = StackState | { readonly lockedBy: string };

export interface ByRole<Thing> {
  readonly primary: Thing;
  readonly recovery: Thing;
}

/** What a failover needs besides databases, secret and record. */
export interface Surroundings {
  readonly at: Date;
  readonly caller: Seen<Caller>;
  /** Settings of the operator's AWS configuration that name a Region which credentials come from. */
  readonly credentialRegions: Readonly<Record<string, string>>;
  readonly functions: ByRole<Seen<FunctionFacts>>;
  readonly zoneVpcs: Seen<readonly { readonly region: string; readonly vpcId: string }[]>;
  readonly checkout: Seen<Checkout>;
  readonly installation: Seen<Installation>;
  readonly secretsProviders: ByRole<string | undefined>;
  readonly states: ByRole<Seen<StackFacts>>;
  readonly previews: ByRole<Seen<readonly PlannedOperation[]>>;
}

export interface SurroundingsOptions {
  readonly signal: AbortSignal;
  /** Undefined: no preview is run, because a preview takes seconds. */
  readonly previewSeconds: number | undefined;
  /** Aborts when the primary Region was seen not to answer: a preview of its stack would wait for it in vain. */
  readonly primaryIsDark: AbortSignal;
}

/** For the engine's quick commands on this machine, which may ask a state that is far away. */
const engineSeconds = 10;

/** Looks at all of it at once. Nothing throws but the caller's signal. */
export async function lookAround(
  session: Session,
  options: SurroundingsOptions,
): Promise<Surroundings> {
  const { deployment, clients, engine, pair, project } = session;
  const { signal } = options;
  const sight = startLook(signal, observationDeadlineSeconds);
  const slow = startLook(signal, engineSeconds);
  const [primary, recovery, caller, zoneVpcs, checkout, installation, states, previews] =
    await Promise.all([
      lookAtFunction(session, deployment.primary, sight),
      lookAtFunction(session, deployment.recovery, sight),
      look("STS", sight, (both) => readCaller(clients.in(deployment.recoveryRegion).sts, both)),
      look("Route 53", sight, (both) => readZoneVpcs(session, both)),
      session.checkout(signal),
      look("pulumi", slow, (both) => readInstallation(project.folder, both)),
      ofBoth(pair, (stack) =>
        look(`the state of ${stack}`, slow, (both) => readStackFacts(engine.state(stack, both))),
      ),
      previewBoth(session, options),
    ]);
  return {
    at: new Date(),
    caller,
    credentialRegions: await readAwsSettings(process.env),
    functions: { primary, recovery },
    zoneVpcs,
    checkout,
    installation,
    secretsProviders: {
      primary: pair.primary.secretsProvider,
      recovery: pair.recovery.secretsProvider,
    },
    states,
    previews,
  };
}

async function ofBoth<Thing>(
  { primary, recovery }: StackPair,
  ask: (stack: string) => Promise<Thing>,
): Promise<ByRole<Thing>> {
  const [east, west] = await Promise.all([ask(primary.stack), ask(recovery.stack)]);
  return { primary: east, recovery: west };
}

async function previewBoth(
  { engine, pair }: Session,
  { signal, previewSeconds, primaryIsDark }: SurroundingsOptions,
): Promise<Surroundings["previews"]> {
  if (previewSeconds === undefined) {
    const skipped = unseen("skipped", "no preview was asked for");
    return { primary: skipped, recovery: skipped };
  }
  const within = startLook(signal, previewSeconds);
  return await ofBoth(pair, (stack) => {
    const isPrimary = stack === pair.primary.stack;
    const deadline = AbortSignal.any([within.deadline, primaryIsDark]);
    const bounded = { ...within, deadline, deadlineSeconds: observationDeadlineSeconds };
    return look(`a preview of ${stack}`, isPrimary ? bounded : within, (both) =>
      engine.preview(stack, both),
    );
  });
}

const lookAtFunction = (
  { clients }: Session,
  { region, functionName }: StackOutputs,
  sight: Look,
): Promise<Seen<FunctionFacts>> =>
  look(`Lambda in ${region}`, sight, async (signal) => {
    const { CodeSha256 = "", Environment } = await clients
      .in(region)
      .lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }), {
        abortSignal: signal,
      });
    const hosts = Environment?.Variables?.[functionEnvironment.databaseHosts];
    return {
      name: functionName,
      codeSha256: CodeSha256,
      allowedHosts: hosts === undefined ? undefined : splitHostPatterns(hosts),
    };
  });

async function readCaller(
  sts: ReturnType<Session["clients"]["in"]>["sts"],
  signal: AbortSignal,
): Promise<Caller> {
  const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}), {
    abortSignal: signal,
  });
  const { expiration } = await sts.config.credentials();
  return { account: Account, arn: Arn, expiresAt: expiration };
}

async function readZoneVpcs({ clients, deployment }: Session, signal: AbortSignal) {
  const { VPCs = [] } = await clients.route53.send(
    new GetHostedZoneCommand({ Id: deployment.zoneId }),
    { abortSignal: signal },
  );
  return VPCs.map(({ VPCRegion = "", VPCId = "" }) => ({ region: VPCRegion, vpcId: VPCId }));
}

async function readStackFacts(state: Promise<StackState>): Promise<StackFacts> {
  try {
    return await state;
  } catch (error) {
    if (error instanceof EngineLockedError) return { lockedBy: error.lock.owner };
    throw error;
  }
}
