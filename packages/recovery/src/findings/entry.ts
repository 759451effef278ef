import { rotationFunctionName } from "@standby/topology";
import type { Severity } from "../finding.ts";
import { invokeLine } from "../invoke-line.ts";
import type { Deployment } from "../observation.ts";

/** One finding of the catalogue: how bad it is, and how it is told of a deployment with the facts of one case. */
export interface Entry<Facts> {
  readonly severity: Severity;
  readonly tell: (
    facts: Facts,
    deployment: Deployment,
  ) => { readonly message: string; readonly remedy: readonly string[] };
}

export const entry = <Facts>(severity: Severity, tell: Entry<Facts>["tell"]): Entry<Facts> => ({
  severity,
  tell,
});

export const stackOf = (
  { primaryRegion, primaryStack, recoveryStack }: Deployment,
  region: string,
): string => (region === primaryRegion ? primaryStack : recoveryStack);

export const setFlag = (key: string, value: string, stack: string): string =>
  `pulumi config set ${key} ${value} -s ${stack}`;

export const update = (stack: string): string => `pulumi up -s ${stack}`;

export const describeDatabase = (identifier: string, region: string): string =>
  `aws rds describe-db-instances --db-instance-identifier ${identifier} --region ${region}`;

export const describeSecret = (arn: string, region: string): string =>
  `aws secretsmanager describe-secret --secret-id ${arn} --region ${region}`;

/** Ends, in the recovery Region's promoted copies, what the lost Region has left half rotated: the database decides. */
export const settleRotation = ({ service, recoveryRegion }: Deployment): string =>
  invokeLine({
    functionName: rotationFunctionName(service),
    region: recoveryRegion,
    payload: { Settle: true },
  });
