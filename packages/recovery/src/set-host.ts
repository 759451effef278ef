import { randomUUID } from "node:crypto";
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { isRdsName } from "@standby/topology";
import { outOfSync } from "./assess-secrets.ts";
import { type Clock, systemClock } from "./clock.ts";
import { errorName } from "./error-name.ts";
import { RefusedError, UnconfirmedError, UsageError } from "./errors.ts";
import { finding } from "./findings.ts";
import { takeLock } from "./lock.ts";
import type { Deployment, Observation, SecretObservation } from "./observation.ts";
import { thisOwner } from "./owner.ts";
import type { Session } from "./session.ts";
import { until } from "./until.ts";

export interface SetHostResult {
  readonly schema: "standby.set-host/1";
  readonly secretArn: string;
  readonly host: string;
  readonly changed: boolean;
  /** The version that is current now. */
  readonly versionId: string;
}

/** Where the new version waits until AWSCURRENT moves to it: nobody reads this label. */
const stagingLabel = "STANDBY_SET_HOST";
const callSeconds = 10;
const syncSeconds = 60;

/**
 * Sets the `host` of the secret to the CNAME and keeps every other field as it is, known or not. AWSCURRENT moves only if it is still
 * where it was read: a rotation that came in between is not undone.
 *
 * @throws UsageError for a host that is not the CNAME; RefusedError when the secret may not be changed now; UnconfirmedError when the
 * other Region's copy does not follow
 */
export async function setHost(
  session: Session,
  host: string,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<SetHostResult> {
  const { deployment, clients, store } = session;
  checkHost(host, deployment);
  const observation = await session.observe(signal);
  const { arn, region } = primarySecret(observation);
  const lock = store && (await takeLock("set-host", { store, clock, owner: thisOwner() }, signal));
  try {
    const both = lock ? AbortSignal.any([signal, lock.signal]) : signal;
    const { secretsManager } = clients.in(region);
    const change = await changeHost(secretsManager, arn, host, both);
    if (change.changed) await waitForCopies(session, clock, both);
    return { schema: "standby.set-host/1", secretArn: arn, host, ...change };
  } finally {
    await lock?.release();
  }
}

function checkHost(host: string, { databaseHostName, recoveryStack }: Deployment): void {
  if (isRdsName(host))
    throw new UsageError(
      "The host of the secret must be the CNAME: an RDS endpoint dies with its Region.",
      [`standby set-host ${databaseHostName}`],
    );
  if (host !== databaseHostName)
    throw new UsageError(
      `The host of the secret must be the CNAME that ${recoveryStack} owns, ${databaseHostName}.`,
      [
        `standby set-host ${databaseHostName}`,
        `pulumi config set databaseHostName <name> -s ${recoveryStack}`,
      ],
    );
}

/** The copy that may be written: a replica refuses every change. */
function primarySecret({ regions, deployment }: Observation): SecretObservation & {
  readonly region: string;
} {
  const { secret, region } = regions.primary;
  if (!secret.seen)
    throw new RefusedError(
      `The secret can be changed only in ${region}, and that was not seen: ${secret.problem.message}.`,
      [],
      ["standby status --watch"],
    );
  const { versionId, pendingVersionId } = secret.value;
  const copy = { ...secret.value, region };
  if (secret.value.deleted)
    throw new RefusedError("The secret is marked for deletion.", [
      finding("secret-deleted", deployment, copy),
    ]);
  if (pendingVersionId !== undefined && pendingVersionId !== versionId)
    throw new RefusedError(
      "A rotation is under way: it copies the old host into the version that it makes.",
      [finding("rotation-unfinished", deployment, copy)],
      [`standby set-host ${deployment.databaseHostName}   (when it has ended)`],
    );
  return copy;
}

type Client = Pick<SecretsManagerClient, "send">;

async function changeHost(client: Client, arn: string, host: string, signal: AbortSignal) {
  const limited = () => ({
    abortSignal: AbortSignal.any([signal, AbortSignal.timeout(callSeconds * 1000)]),
  });
  const { SecretString, VersionId: before = "" } = await client.send(
    new GetSecretValueCommand({ SecretId: arn, VersionStage: "AWSCURRENT" }),
    limited(),
  );
  const value = fieldsOf(SecretString);
  if (value["host"] === host) return { changed: false, versionId: before };
  const token = randomUUID();
  const { VersionId: after = token } = await client.send(
    new PutSecretValueCommand({
      SecretId: arn,
      ClientRequestToken: token,
      SecretString: JSON.stringify({ ...value, host }),
      VersionStages: [stagingLabel],
    }),
    limited(),
  );
  try {
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: arn,
        VersionStage: "AWSCURRENT",
        MoveToVersionId: after,
        RemoveFromVersionId: before,
      }),
      limited(),
    );
  } catch (error) {
    throw refusedMove(error);
  } finally {
    await dropLabel(client, arn, after);
  }
  return { changed: true, versionId: after };
}

/** The value itself is in no message: only what is wrong with it. */
function fieldsOf(text: string | undefined): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new RefusedError("The secret's value is not a JSON object, so it has no host to set.", []);
}

/** Secrets Manager refuses to take the label from a version that has lost it. */
const refusedMove = (error: unknown): unknown =>
  /^(InvalidParameter|InvalidRequest)(Exception)?$/.test(errorName(error))
    ? new RefusedError(
        "Somebody else changed the secret at the same moment (a rotation, most likely): nothing was changed.",
        [],
        ["standby status", "then the same command again"],
      )
    : error;

/** A version without a label is forgotten by Secrets Manager. Best effort: the label means nothing to anybody. */
async function dropLabel(client: Client, arn: string, versionId: string): Promise<void> {
  await client
    .send(
      new UpdateSecretVersionStageCommand({
        SecretId: arn,
        VersionStage: stagingLabel,
        RemoveFromVersionId: versionId,
      }),
      { abortSignal: AbortSignal.timeout(callSeconds * 1000) },
    )
    .catch(() => {});
}

async function waitForCopies(session: Session, clock: Clock, signal: AbortSignal): Promise<void> {
  const { regions } = await session.observe(signal);
  const { secret } = regions.recovery;
  // A standalone copy does not follow; one that does not answer is said to be unconfirmed below.
  if (secret.seen && secret.value.primaryRegion === undefined) return;
  try {
    await until(
      { clock, signal, what: "the other copy", deadlineSeconds: syncSeconds, intervalSeconds: 1 },
      async () => ((await isInSync(session, signal)) ? true : undefined),
    );
  } catch (cause) {
    signal.throwIfAborted();
    throw new UnconfirmedError(
      `The host was set, and the copy in ${regions.recovery.region} does not have that version yet.`,
      ["standby status --watch"],
      { cause },
    );
  }
}

async function isInSync(session: Session, signal: AbortSignal): Promise<boolean> {
  const { regions } = await session.observe(signal);
  const [primary, recovery] = [regions.primary.secret, regions.recovery.secret];
  return (
    primary.seen &&
    recovery.seen &&
    outOfSync(primary.value, { ...recovery.value, region: regions.recovery.region }) === undefined
  );
}
