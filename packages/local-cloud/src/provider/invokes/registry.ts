import type { PropertyMap } from "../property-values.ts";
import type { Scope } from "../resource-handler.ts";
import { getInstance, getInstances } from "./databases.ts";
import { getAvailabilityZones, getCallerIdentity, getPartition, getRegion } from "./environment.ts";
import { getObject, getObjects } from "./objects.ts";
import { getPolicyDocument } from "./policy-document.ts";
import { getRecords } from "./records.ts";
import { getRandomPassword, getSecret, getSecrets, getSecretVersion } from "./secrets.ts";
import { getZone } from "./zones.ts";

/** A data source. What it throws ends the program that asked. */
type Invoke = (args: PropertyMap, scope: Scope) => Promise<PropertyMap> | PropertyMap;

const invokes: Readonly<Record<string, Invoke>> = {
  "aws:iam/getPolicyDocument:getPolicyDocument": getPolicyDocument,
  "aws:index/getAvailabilityZones:getAvailabilityZones": getAvailabilityZones,
  "aws:index/getCallerIdentity:getCallerIdentity": getCallerIdentity,
  "aws:index/getPartition:getPartition": getPartition,
  "aws:index/getRegion:getRegion": getRegion,
  "aws:rds/getInstance:getInstance": getInstance,
  "aws:rds/getInstances:getInstances": getInstances,
  "aws:route53/getRecords:getRecords": getRecords,
  "aws:route53/getZone:getZone": getZone,
  "aws:s3/getObject:getObject": getObject,
  "aws:s3/getObjects:getObjects": getObjects,
  "aws:secretsmanager/getRandomPassword:getRandomPassword": getRandomPassword,
  "aws:secretsmanager/getSecret:getSecret": getSecret,
  "aws:secretsmanager/getSecrets:getSecrets": getSecrets,
  "aws:secretsmanager/getSecretVersion:getSecretVersion": getSecretVersion,
};

/** Throws for a function that the local cloud does not know. */
export const invokeFunction = async (
  token: string,
  args: PropertyMap,
  scope: Scope,
): Promise<PropertyMap> => {
  const invoke = invokes[token];
  if (invoke === undefined) {
    throw new Error(
      `NotModelled: the local cloud's stand-in for the aws provider does not know ${token}. It knows: ${Object.keys(invokes).join(", ")}`,
    );
  }
  return invoke(args, scope);
};
