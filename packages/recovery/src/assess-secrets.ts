import type { Finding } from "./finding.ts";
import { finding } from "./findings.ts";
import type {
  Deployment,
  Observation,
  RegionObservation,
  SecretObservation,
} from "./observation.ts";

interface PlacedSecret extends SecretObservation {
  readonly region: string;
}

const seenSecret = ({ region, secret }: RegionObservation): readonly PlacedSecret[] =>
  secret.seen ? [{ ...secret.value, region }] : [];

/** The secret of each Region for itself, then one against the other. */
export function assessSecrets(observation: Observation): readonly Finding[] {
  const { regions } = observation;
  const copies = [regions.primary, regions.recovery].flatMap(seenSecret);
  const [primary] = seenSecret(regions.primary);
  const [recovery] = seenSecret(regions.recovery);
  return [
    ...missingSecrets(observation),
    ...copies.flatMap((copy) => assessCopy(observation, copy)),
    ...(recovery ? assessReplication(observation, recovery, primary) : []),
  ];
}

/** An answer, and not a silence: Secrets Manager knows no such secret. */
export const isMissing = ({ secret }: RegionObservation): boolean =>
  !secret.seen && secret.problem.errorName === "ResourceNotFoundException";

const missingSecrets = ({ deployment, regions }: Observation): readonly Finding[] =>
  [
    { ...regions.primary, arn: deployment.primary.secretArn },
    { ...regions.recovery, arn: deployment.recovery.secretArn },
  ]
    .filter(isMissing)
    .map(({ arn, region }) => finding("secret-missing", deployment, { arn, region }));

/** AWS rotates within a window of some hours, and begins again when a rotation fails. */
const overdueMilliseconds = 86_400_000;

function assessCopy(
  { deployment, observedAt }: Observation,
  copy: PlacedSecret,
): readonly Finding[] {
  if (copy.deleted) return [finding("secret-deleted", deployment, copy)];
  const findings: Finding[] = [];
  const { readable, versionId, pendingVersionId } = copy;
  if (pendingVersionId !== undefined && pendingVersionId !== versionId)
    findings.push(finding("rotation-unfinished", deployment, copy));
  const { rotationDueAt } = copy;
  if (rotationDueAt && Date.parse(observedAt) - rotationDueAt.getTime() > overdueMilliseconds)
    findings.push(
      finding("rotation-overdue", deployment, { ...copy, dueAt: rotationDueAt.toISOString() }),
    );
  if (readable.seen) {
    if (readable.value.host.toLowerCase() !== deployment.databaseHostName)
      findings.push(
        finding("secret-host", deployment, { region: copy.region, host: readable.value.host }),
      );
  } else if (readable.problem.failure)
    findings.push(
      finding("secret-unreadable", deployment, { ...copy, why: readable.problem.failure.message }),
    );
  return findings;
}

/** `Failed` and readable can both be true: then the copy is a stale one, and only the versions tell. */
function assessReplication(
  { deployment }: Observation,
  recovery: PlacedSecret,
  primary: PlacedSecret | undefined,
): readonly Finding[] {
  if (recovery.primaryRegion === undefined)
    return [finding("secret-standalone", deployment, recovery)];
  const difference = primary && outOfSync(primary, recovery);
  return difference ? [tellOutOfSync(deployment, recovery, difference)] : [];
}

/** How a copy is not the one that counts. */
export type OutOfSync =
  | { readonly code: "secret-not-in-sync"; readonly why: string }
  | { readonly code: "secret-versions-differ" };

export function outOfSync(
  primary: SecretObservation,
  recovery: SecretObservation & { readonly region: string },
): OutOfSync | undefined {
  const notInSync = (why: string) => ({ code: "secret-not-in-sync", why }) as const;
  const status = primary.replication[recovery.region]?.status;
  if (status === undefined)
    return notInSync("the primary secret does not replicate to this Region");
  if (status !== "InSync") return notInSync(`its replication is ${status}`);
  return primary.versionId === recovery.versionId ? undefined : { code: "secret-versions-differ" };
}

export const tellOutOfSync = (
  deployment: Deployment,
  copy: PlacedSecret,
  difference: OutOfSync,
): Finding =>
  difference.code === "secret-not-in-sync"
    ? finding(difference.code, deployment, { ...copy, why: difference.why })
    : finding(difference.code, deployment, copy);
