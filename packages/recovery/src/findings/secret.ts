import { rotationFunctionName } from "@standby/topology";
import type { Deployment } from "../observation.ts";
import { describeSecret, entry, setFlag, settleRotation, stackOf, update } from "./entry.ts";

export interface Copy {
  readonly arn: string;
  readonly region: string;
}

const replicateTo = (arn: string, region: string, primaryRegion: string): string =>
  `aws secretsmanager replicate-secret-to-regions --secret-id ${arn.replace(`:${region}:`, `:${primaryRegion}:`)} --region ${primaryRegion} --add-replica-regions Region=${region}`;

/** Each refusal of the rotation function is one line there, with the reason. */
const rotationLog = ({ service }: Deployment, region: string): string =>
  `aws logs tail /aws/lambda/${rotationFunctionName(service)} --since 1d --region ${region}`;

const rotate = (arn: string, region: string): string =>
  `aws secretsmanager rotate-secret --secret-id ${arn} --region ${region}`;

/** The secret and its copy in each Region. */
export const secretFindings = {
  "secret-not-in-sync": entry<Copy & { readonly why: string }>(
    "error",
    ({ arn, region, why }, { primaryStack, primaryRegion }) => ({
      message: `the copy of the secret in ${region} is not the one that counts: ${why}`,
      remedy: [
        describeSecret(arn, region),
        `pulumi up --refresh -s ${primaryStack}`,
        replicateTo(arn, region, primaryRegion),
      ],
    }),
  ),
  "secret-versions-differ": entry<Copy>("error", ({ arn, region }, { primaryRegion }) => ({
    message: `the current version of the secret in ${region} is not the one in ${primaryRegion}: after a failover the application would log in with old credentials`,
    remedy: [describeSecret(arn, region), "standby status --watch"],
  })),
  "secret-unreadable": entry<Copy & { readonly why: string }>(
    "error",
    ({ arn, region, why }, deployment) => ({
      message: `the application cannot read the secret in ${region}: ${why}`,
      remedy: [describeSecret(arn, region), update(stackOf(deployment, region))],
    }),
  ),
  "secret-missing": entry<Copy>("error", ({ arn, region }, { primaryRegion }) => ({
    message: `there is no secret in ${region}: the application there lives on what it holds, and a new one cannot start`,
    remedy: [
      describeSecret(arn, region),
      region === primaryRegion
        ? `aws secretsmanager restore-secret --secret-id ${arn} --region ${region}`
        : replicateTo(arn, region, primaryRegion),
    ],
  })),
  "secret-deleted": entry<Copy>("error", ({ arn, region }) => ({
    message: `the secret in ${region} is marked for deletion`,
    remedy: [`aws secretsmanager restore-secret --secret-id ${arn} --region ${region}`],
  })),
  "secret-standalone": entry<Copy>("warning", ({ arn, region }, { recoveryStack }) => ({
    message: `the secret in ${region} is a standalone one: it does not follow the primary Region's any more`,
    remedy: [
      describeSecret(arn, region),
      setFlag("secretPromoted", "true", recoveryStack),
      "standby rebuild",
    ],
  })),
  "secret-host": entry<{ readonly region: string; readonly host: string }>(
    "error",
    ({ region, host }, { databaseHostName }) => ({
      message: `the secret in ${region} names the host ${host} and not the CNAME ${databaseHostName}: a failover would not move whoever reads it`,
      remedy: [`standby set-host ${databaseHostName}`],
    }),
  ),
  "rotation-unfinished": entry<Copy>("warning", ({ arn, region }, deployment) => ({
    message: `a rotation of the secret in ${region} has begun and not ended: the database may have a password that is not AWSCURRENT yet`,
    remedy: [
      describeSecret(arn, region),
      rotationLog(deployment, region),
      // AWS takes up its own rotation again. In a promoted copy it never began one, and begins none while this one stands.
      region === deployment.recoveryRegion ? settleRotation(deployment) : rotate(arn, region),
    ],
  })),
  "rotation-overdue": entry<Copy & { readonly dueAt: string }>(
    "warning",
    ({ arn, region, dueAt }, deployment) => ({
      message: `the secret in ${region} was to be rotated by ${dueAt} and was not`,
      remedy: [rotationLog(deployment, region), rotate(arn, region)],
    }),
  ),
} as const;
