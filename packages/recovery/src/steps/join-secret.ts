import type { LiveSecret, SecretKind } from "../actions.ts";
import { RecoveryError } from "../errors.ts";
import { settleRotation } from "../findings/entry.ts";
import type { MoveContext } from "../move.ts";
import { primarySide, recoverySide } from "../side.ts";
import type { Step } from "../step.ts";
import { until } from "../until.ts";

/**
 * Makes the two copies of the secret one again. A copy that was promoted while the primary Region was dark may hold a newer password:
 * the older side takes the newer value, as the same version, before it replicates again.
 */
export const joinSecretStep = (): Step<MoveContext> => ({
  id: "join-secret",
  title: "Join the copies of the secret",
  byHand: ({ deployment }) => [
    `aws secretsmanager describe-secret --secret-id ${primarySide(deployment).outputs.secretArn} --region ${deployment.primaryRegion}`,
    `aws secretsmanager describe-secret --secret-id ${recoverySide(deployment).outputs.secretArn} --region ${deployment.recoveryRegion}   (AWSCURRENT must be the same version)`,
  ],
  isDone: async (context, signal) => {
    for (const kind of kindsOf(context)) if (!(await isJoined(context, kind, signal))) return false;
    return true;
  },
  async run(context, report, signal) {
    for (const kind of kindsOf(context))
      if (!(await isJoined(context, kind, signal))) await join(context, kind, report, signal);
  },
});

const kindsOf = ({ deployment }: MoveContext): readonly SecretKind[] =>
  primarySide(deployment).outputs.adminSecretArn === undefined
    ? ["application"]
    : ["application", "admin"];

const nameOf = (kind: SecretKind): string => (kind === "admin" ? "admin secret" : "secret");

async function join(
  context: MoveContext,
  kind: SecretKind,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { deployment, actions } = context;
  const { primaryRegion, recoveryRegion } = deployment;
  const [primary, copy] = await bothCopies(context, kind, signal);
  if (!primary)
    throw new RecoveryError(
      `There is no ${nameOf(kind)} of ${deployment.service} in ${primaryRegion}.`,
      [`aws secretsmanager list-secrets --include-planned-deletion --region ${primaryRegion}`],
    );
  const isStandalone = copy !== undefined && copy.primaryRegion !== primaryRegion;
  if (isStandalone && copy.pendingVersionId !== undefined) throw halfRotated(context, kind);
  if (isStandalone && copy.versionId !== primary.versionId) {
    if (!isNewer(copy, primary)) throw twoNewest(context, kind);
    await actions.copySecretValue(recoveryRegion, primaryRegion, signal, kind);
    report(
      `The newer value of the ${nameOf(kind)} in ${recoveryRegion} is current in ${primaryRegion} too.`,
    );
  }
  const status = primary.replication.find(({ region }) => region === recoveryRegion)?.status;
  if (isStandalone || copy === undefined || status === "Failed" || status === undefined) {
    const keyArn = copy?.keyArn ?? deployment.primary.encryptionKeyArns?.[recoveryRegion];
    const options = { keyArn, overwrite: isStandalone };
    await actions.replicateSecret(primaryRegion, recoveryRegion, options, signal, kind);
    report(`${primaryRegion} replicates the ${nameOf(kind)} to ${recoveryRegion} again.`);
  }
  await until(
    {
      ...context,
      signal,
      what: `the copies of the ${nameOf(kind)} to agree`,
      deadlineSeconds: context.deadlines.confirmation,
      intervalSeconds: context.deadlines.poll,
      next: ["standby status"],
    },
    async () => ((await isJoined(context, kind, signal)) ? true : undefined),
  );
}

async function isJoined(
  context: MoveContext,
  kind: SecretKind,
  signal: AbortSignal,
): Promise<boolean> {
  const { primaryRegion, recoveryRegion } = context.deployment;
  const [primary, copy] = await bothCopies(context, kind, signal);
  const status = primary?.replication.find(({ region }) => region === recoveryRegion)?.status;
  return (
    primary !== undefined &&
    copy?.primaryRegion === primaryRegion &&
    copy.versionId === primary.versionId &&
    status === "InSync"
  );
}

const bothCopies = ({ actions, deployment }: MoveContext, kind: SecretKind, signal: AbortSignal) =>
  Promise.all([
    actions.secret(deployment.primaryRegion, signal, kind),
    actions.secret(deployment.recoveryRegion, signal, kind),
  ]);

/** The database may have the password that is AWSPENDING there, and joining would throw it away. */
const halfRotated = ({ deployment }: MoveContext, kind: SecretKind): RecoveryError =>
  new RecoveryError(
    `A rotation of the ${nameOf(kind)} in ${deployment.recoveryRegion} has begun and not ended: the database may know the password of that version alone.`,
    [`${settleRotation(deployment)}   (ends it)`, "standby rebuild"],
  );

const isNewer = (one: LiveSecret, other: LiveSecret): boolean =>
  (one.changedAt?.getTime() ?? 0) > (other.changedAt?.getTime() ?? 0);

/** Both were written since they parted. Which password the databases know, only they can tell. */
const twoNewest = ({ deployment }: MoveContext, kind: SecretKind): RecoveryError =>
  new RecoveryError(
    `The ${nameOf(kind)} of ${deployment.primaryRegion} was written after its copy in ${deployment.recoveryRegion} was promoted, and they differ: joining them would overwrite one.`,
    [
      "standby preflight   (says which version each database accepts)",
      `make that version current in ${deployment.primaryRegion}, then standby rebuild`,
    ],
  );
