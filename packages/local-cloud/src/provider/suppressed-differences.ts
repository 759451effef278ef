import { isBlank } from "./equality.ts";
import {
  isMap,
  maps,
  number,
  type PropertyMap,
  type PropertyValue,
  text,
} from "./property-values.ts";

/** Whether the provider regards the two spellings of one property as the same. */
type Suppression = (
  state: PropertyValue | undefined,
  wanted: PropertyValue | undefined,
  inputs: PropertyMap,
) => boolean;

const lastPart = (value: string, separator: string): string =>
  value.split(separator).at(-1) ?? value;

/** One side may be an ARN, the other the bare identifier inside it. */
const sameNameOrArn =
  (separator: string): Suppression =>
  (state, wanted) =>
    typeof state === "string" &&
    typeof wanted === "string" &&
    state !== "" &&
    wanted !== "" &&
    state.startsWith("arn:") !== wanted.startsWith("arn:") &&
    lastPart(state, separator) === lastPart(wanted, separator);

/** A set of objects whose identity is a few of their fields: the others may drift unseen. */
const sameKeys =
  (keyOf: (element: PropertyMap) => string): Suppression =>
  (state, wanted) => {
    const keys = (value: PropertyValue | undefined) =>
      maps({ value }, "value").map(keyOf).sort().join(" ");
    return wanted !== undefined && keys(state) === keys(wanted);
  };

const defaultSecretKey = "alias/aws/secretsmanager";

/** Storage that AWS has grown by itself within the limit is left alone. */
const grownStorage: Suppression = (state, wanted, inputs) => {
  const limit = number(inputs, "maxAllocatedStorage");
  return (
    limit !== undefined &&
    limit > 0 &&
    typeof state === "number" &&
    typeof wanted === "number" &&
    state >= wanted
  );
};

const withoutVariables = (value: PropertyValue | undefined): boolean =>
  !isMap(value) || isBlank(value["variables"]);

const suppressions: Readonly<Record<string, Suppression>> = {
  "aws:rds/instance:Instance.replicateSourceDb": sameNameOrArn(":"),
  "aws:rds/instance:Instance.allocatedStorage": grownStorage,
  "aws:kms/alias:Alias.targetKeyId": sameNameOrArn("/"),
  "aws:secretsmanager/secret:Secret.replicas": sameKeys((replica) => {
    const key = text(replica, "kmsKeyId");
    return `${replica["region"]}/${key === defaultSecretKey ? "" : (key ?? "")}`;
  }),
  "aws:route53/zone:Zone.vpcs": sameKeys((vpc) => String(vpc["vpcId"])),
  "aws:lambda/function:Function.environment": (state, wanted) =>
    withoutVariables(state) && withoutVariables(wanted),
};

export const suppresses = (
  type: string,
  property: string,
  state: PropertyValue | undefined,
  wanted: PropertyValue | undefined,
  inputs: PropertyMap,
): boolean => suppressions[`${type}.${property}`]?.(state, wanted, inputs) ?? false;
