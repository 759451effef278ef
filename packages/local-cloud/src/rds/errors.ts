import { AwsError } from "../service.ts";

export const instanceNotFound = (identifier: string): AwsError =>
  new AwsError("DBInstanceNotFound", `DBInstance ${identifier} not found.`, 404);
export const invalidInstanceState = (message: string): AwsError =>
  new AwsError("InvalidDBInstanceState", message);
export const invalidValue = (message: string): AwsError =>
  new AwsError("InvalidParameterValue", message);
export const invalidCombination = (message: string): AwsError =>
  new AwsError("InvalidParameterCombination", message);
export const keyNotAccessible = (keyId: string): AwsError =>
  new AwsError(
    "KMSKeyNotAccessibleFault",
    `The specified KMS key [${keyId}] does not exist, is not enabled or you do not have permissions to access it.`,
  );
export const notModelled = (what: string): AwsError =>
  new AwsError("NotModelled", `NotModelled: RDS.${what}`, 501);
