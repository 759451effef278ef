import type { LiveSecret } from "../actions.ts";
import { RecoveryError } from "../errors.ts";
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
  isDone: isJoined,
  async run(context, report, signal) {
    const { deployment, actions } = context;
    const { primaryRegion, recoveryRegion } = deployment;
    const [primary, copy] = await bothCopies(context, signal);
    if (!primary)
      throw new RecoveryError(`There is no secret of ${deployment.service} in ${primaryRegion}.`, [
        `aws secretsmanager list-secrets --include-planned-deletion --region ${primaryRegion}`,
      ]);
    const isStandalone = copy !== undefined && copy.primaryRegion !== primaryRegion;
    if (isStandalone && copy.versionId !== primary.versionId) {
      if (!isNewer(copy, primary)) throw twoNewest(context);
      await actions.copySecretValue(recoveryRegion, primaryRegion, signal);
      report(`The newer value of ${recoveryRegion} is current in ${primaryRegion} too.`);
    }
    const status = primary.replication.find(({ region }) => region === recoveryRegion)?.status;
    if (isStandalone || copy === undefined || status === "Failed" || status === undefined) {
      const keyArn = copy?.keyArn ?? deployment.primary.encryptionKeyArns?.[recoveryRegion];
      await actions.replicateSecret(
        primaryRegion,
        recoveryRegion,
        { keyArn, overwrite: isStandalone },
        signal,
      );
      report(`${primaryRegion} replicates the secret to ${recoveryRegion} again.`);
    }
    await until(
      {
        ...context,
        signal,
        what: "the copies of the secret to agree",
        deadlineSeconds: context.deadlines.confirmation,
        intervalSeconds: context.deadlines.poll,
        next: ["standby status"],
      },
      async () => ((await isJoined(context, signal)) ? true : undefined),
    );
  },
});

async function isJoined(context: MoveContext, signal: AbortSignal): Promise<boolean> {
  const { primaryRegion, recoveryRegion } = context.deployment;
  const [primary, copy] = await bothCopies(context, signal);
  const status = primary?.replication.find(({ region }) => region === recoveryRegion)?.status;
  return (
    primary !== undefined &&
    copy?.primaryRegion === primaryRegion &&
    copy.versionId === primary.versionId &&
    status === "InSync"
  );
}

const bothCopies = ({ actions, deployment }: MoveContext, signal: AbortSignal) =>
  Promise.all([
    actions.secret(deployment.primaryRegion, signal),
    actions.secret(deployment.recoveryRegion, signal),
  ]);

const isNewer = (one: LiveSecret, other: LiveSecret): boolean =>
  (one.changedAt?.getTime() ?? 0) > (other.changedAt?.getTime() ?? 0);

/** Both were written since they parted. Which password the databases know, only they can tell. */
const twoNewest = ({ deployment }: MoveContext): RecoveryError =>
  new RecoveryError(
    `The secret of ${deployment.primaryRegion} was written after its copy in ${deployment.recoveryRegion} was promoted, and they differ: joining them would overwrite one.`,
    [
      "standby preflight   (says which version each database accepts)",
      `make that version current in ${deployment.primaryRegion}, then standby rebuild`,
    ],
  );
