import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { GetHostedZoneCommand } from "@aws-sdk/client-route-53";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import {
  type DnsSwitchAnswer,
  functionEnvironment,
  type ReplicationRecord,
  type StackOutputs,
  splitHostPatterns,
} from "@standby/topology";
import type { Checkout } from "../checkout.ts";
import type { StackPair } from "../deployment.ts";
import { EngineLockedError } from "../engine-errors.ts";
import type { PlannedOperation } from "../engine-preview.ts";
import type { StackState } from "../engine-state.ts";
import type { Hearing } from "../hearing.ts";
import type { Seen } from "../observation.ts";
import type { ProgramChange } from "../program-change.ts";
import { look, NothingToSee, startLook, unseen } from "../seen.ts";
import type { Session } from "../session.ts";
import { isSwitched } from "../steps/publish-name.ts";
import { publishNow } from "../switch-function.ts";
import { readAwsSettings } from "./aws-settings.ts";
import { type Installation, readInstallation } from "./installation.ts";
import { readLagRecord } from "./lag-record.ts";

interface FunctionFacts {
  readonly name: string;
  readonly codeSha256: string;
  /** Undefined for a function that was told of none. */
  readonly allowedHosts: readonly string[] | undefined;
}

interface Caller {
  readonly account: string;
  readonly arn: string;
  /** Undefined for credentials that do not expire. */
  readonly expiresAt: Date | undefined;
}

/** What the program's state says of a stack, or who has it locked. */
type StackFacts = StackState | { readonly lockedBy: string };

export interface ByRole<Thing> {
  readonly primary: Thing;
  readonly recovery: Thing;
}

interface AwsFacts {
  readonly caller: Seen<Caller>;
  readonly lagRecord: Seen<ReplicationRecord | undefined>;
  readonly functions: ByRole<Seen<FunctionFacts>>;
  /** With `dnsSwitch: health-check` only. */
  readonly published?: Seen<DnsSwitchAnswer>;
  readonly zoneVpcs: Seen<readonly { readonly region: string; readonly vpcId: string }[]>;
}

interface MachineFacts {
  /** Settings of the operator's AWS configuration that name a Region which credentials come from. */
  readonly credentialRegions: Readonly<Record<string, string>>;
  readonly checkout: Seen<Checkout>;
  readonly program: Seen<ProgramChange>;
  readonly installation: Seen<Installation>;
  readonly secretsProviders: ByRole<string | undefined>;
  readonly states: ByRole<Seen<StackFacts>>;
  readonly previews: ByRole<Seen<readonly PlannedOperation[]>>;
}

/** What a failover needs besides databases, secret and record. */
export interface Surroundings extends AwsFacts, MachineFacts {
  readonly at: Date;
}

export interface SurroundingsOptions {
  readonly signal: AbortSignal;
  /** Undefined: no preview is run, because a preview takes seconds. */
  readonly previewSeconds: number | undefined;
  /** False: a preview of the primary's stack would wait for its Region in vain. */
  readonly primaryIsReachable: boolean;
}

/** What a schedule has not: every part is skipped for this reason. */
export function withoutMachine(reason: string): MachineFacts {
  const skipped = unseen("skipped", reason);
  const both = { primary: skipped, recovery: skipped };
  return {
    credentialRegions: {},
    checkout: skipped,
    program: skipped,
    installation: skipped,
    secretsProviders: { primary: undefined, recovery: undefined },
    states: both,
    previews: both,
  };
}

/** Everything that AWS is asked for: `observe` may run at the same time and share the hearing. */
export async function lookAtAws(
  session: Pick<Session, "deployment" | "clients" | "store">,
  hearing: Hearing,
): Promise<AwsFacts> {
  const { deployment, clients } = session;
  const sight = hearing.elsewhere;
  const [primary, recovery, caller, zoneVpcs, lagRecord, published] = await Promise.all([
    lookAtFunction(session, deployment.primary, hearing),
    lookAtFunction(session, deployment.recovery, hearing),
    look("STS", sight, (both) => readCaller(clients.in(deployment.recoveryRegion).sts, both)),
    look("Route 53", sight, (both) => readZoneVpcs(session, both)),
    look("the recovery bucket", sight, (both) => readLagRecord(session.store, both)),
    isSwitched(deployment)
      ? look("the function of the switch", sight, (both) =>
          publishNow(clients.in(deployment.recoveryRegion).lambda, deployment.recovery, both),
        )
      : undefined,
  ]);
  const functions = { primary, recovery };
  return { caller, zoneVpcs, lagRecord, functions, ...(published && { published }) };
}

/** For the engine's quick commands on this machine, which may ask a state that is far away. */
const engineSeconds = 10;

/**
 * Everything that this machine is asked for. Not at the same time as AWS: the engine's processes take the processors that an answer
 * within a deadline needs.
 */
export async function lookAtMachine(
  session: Session,
  options: SurroundingsOptions,
): Promise<MachineFacts & { readonly previewTook: number | undefined }> {
  const { engine, pair, project } = session;
  const { signal } = options;
  const sight = startLook(signal, engineSeconds);
  const [credentialRegions, checkout, program, installation, states, previews] = await Promise.all([
    readAwsSettings(process.env),
    session.checkout(signal),
    session.program(signal),
    look("pulumi", sight, (both) => readInstallation(project.folder, both)),
    ofBoth(pair, (stack) =>
      look(`the state of ${stack}`, sight, (both) => readStackFacts(engine.state(stack, both))),
    ),
    previewBoth(session, options),
  ]);
  const [primary, recovery] = [pair.primary.secretsProvider, pair.recovery.secretsProvider];
  const { lockedBy } = previews;
  return {
    credentialRegions,
    checkout,
    program,
    installation,
    states: {
      primary: lockedBy.primary === undefined ? states.primary : locked(lockedBy.primary),
      recovery: lockedBy.recovery === undefined ? states.recovery : locked(lockedBy.recovery),
    },
    previews: { primary: previews.primary, recovery: previews.recovery },
    previewTook: previews.tookSeconds,
    secretsProviders: { primary, recovery },
  };
}

const locked = (lockedBy: string) => ({ seen: true, value: { lockedBy } }) as const;

async function ofBoth<Thing>(
  { primary, recovery }: StackPair,
  ask: (stack: string) => Promise<Thing>,
): Promise<ByRole<Thing>> {
  const [east, west] = await Promise.all([ask(primary.stack), ask(recovery.stack)]);
  return { primary: east, recovery: west };
}

interface Previews extends ByRole<Seen<readonly PlannedOperation[]>> {
  /** Of the recovery stack's; undefined when it did not end. */
  readonly tookSeconds: number | undefined;
  /** An export of the state does not meet a lock; a preview does. */
  readonly lockedBy: Partial<ByRole<string>>;
}

async function previewBoth(
  { engine, pair, deployment }: Session,
  { signal, previewSeconds, primaryIsReachable }: SurroundingsOptions,
): Promise<Previews> {
  if (previewSeconds === undefined) {
    const skipped = unseen("skipped", "no preview was asked for");
    return { primary: skipped, recovery: skipped, tookSeconds: undefined, lockedBy: {} };
  }
  const sight = startLook(signal, previewSeconds);
  const lockedBy: { -readonly [Role in keyof ByRole<string>]?: string } = {};
  const preview = async (role: keyof ByRole<string>) => {
    const { stack } = pair[role];
    const started = performance.now();
    const seen = await look(`a preview of ${stack}`, sight, (both) =>
      engine.preview(stack, both).catch((error: unknown) => {
        if (!(error instanceof EngineLockedError)) throw error;
        lockedBy[role] = error.lock.owner;
        throw new NothingToSee(`${stack} is locked by ${error.lock.owner}`);
      }),
    );
    return { seen, tookSeconds: seen.seen ? (performance.now() - started) / 1000 : undefined };
  };
  const dark = unseen(
    "unreachable",
    `a preview of ${pair.primary.stack} needs ${deployment.primaryRegion}`,
  );
  const [primary, recovery] = await Promise.all([
    primaryIsReachable ? preview("primary") : { seen: dark },
    preview("recovery"),
  ]);
  return {
    primary: primary.seen,
    recovery: recovery.seen,
    tookSeconds: recovery.tookSeconds,
    lockedBy,
  };
}

const lookAtFunction = (
  { clients }: Pick<Session, "clients">,
  { region, functionName }: StackOutputs,
  hearing: Hearing,
): Promise<Seen<FunctionFacts>> =>
  look(`Lambda in ${region}`, hearing.in(region), async (signal) => {
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

async function readZoneVpcs(
  { clients, deployment }: Pick<Session, "clients" | "deployment">,
  signal: AbortSignal,
) {
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
