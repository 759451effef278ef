import { inertHandlers } from "./inert-types.ts";
import type { ResourceHandler } from "./resource-handler.ts";
import { eventRule } from "./types/event-rule.ts";
import { eventTarget } from "./types/event-target.ts";
import { kmsAlias } from "./types/kms-alias.ts";
import { kmsKey } from "./types/kms-key.ts";
import { lambdaFunction } from "./types/lambda-function.ts";
import { lambdaFunctionUrl } from "./types/lambda-function-url.ts";
import { lambdaPermission } from "./types/lambda-permission.ts";
import { metricAlarm } from "./types/metric-alarm.ts";
import { rdsInstance } from "./types/rds-instance.ts";
import { rdsParameterGroup } from "./types/rds-parameter-group.ts";
import { rdsSubnetGroup } from "./types/rds-subnet-group.ts";
import { rolePolicy, rolePolicyType } from "./types/role-policy.ts";
import { route53HealthCheck } from "./types/route53-health-check.ts";
import { route53Record } from "./types/route53-record.ts";
import { route53Zone } from "./types/route53-zone.ts";
import { route53ZoneAssociation } from "./types/route53-zone-association.ts";
import { s3Bucket } from "./types/s3-bucket.ts";
import {
  s3BucketLifecycle,
  s3BucketPolicy,
  s3BucketVersioning,
  s3PublicAccessBlock,
} from "./types/s3-bucket-settings.ts";
import { secret } from "./types/secret.ts";
import { secretPolicy } from "./types/secret-policy.ts";
import { secretRotation } from "./types/secret-rotation.ts";
import { secretVersion } from "./types/secret-version.ts";

const handlers: Readonly<Record<string, ResourceHandler>> = {
  "aws:cloudwatch/eventRule:EventRule": eventRule,
  "aws:cloudwatch/eventTarget:EventTarget": eventTarget,
  "aws:cloudwatch/metricAlarm:MetricAlarm": metricAlarm,
  "aws:kms/alias:Alias": kmsAlias,
  "aws:kms/key:Key": kmsKey,
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/functionUrl:FunctionUrl": lambdaFunctionUrl,
  "aws:lambda/permission:Permission": lambdaPermission,
  "aws:rds/instance:Instance": rdsInstance,
  "aws:rds/parameterGroup:ParameterGroup": rdsParameterGroup,
  "aws:rds/subnetGroup:SubnetGroup": rdsSubnetGroup,
  "aws:route53/healthCheck:HealthCheck": route53HealthCheck,
  "aws:route53/record:Record": route53Record,
  "aws:route53/zone:Zone": route53Zone,
  "aws:route53/zoneAssociation:ZoneAssociation": route53ZoneAssociation,
  "aws:s3/bucket:Bucket": s3Bucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": s3BucketLifecycle,
  "aws:s3/bucketPolicy:BucketPolicy": s3BucketPolicy,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": s3PublicAccessBlock,
  "aws:s3/bucketVersioning:BucketVersioning": s3BucketVersioning,
  "aws:secretsmanager/secret:Secret": secret,
  "aws:secretsmanager/secretPolicy:SecretPolicy": secretPolicy,
  "aws:secretsmanager/secretRotation:SecretRotation": secretRotation,
  "aws:secretsmanager/secretVersion:SecretVersion": secretVersion,
};

/** Finds the handler of a type. Throws for a type that can be planned but not made. */
export const handlerRegistry = (): ((type: string) => ResourceHandler) => {
  const inert = inertHandlers();
  const all: Readonly<Record<string, ResourceHandler>> = {
    ...inert,
    ...handlers,
    [rolePolicyType]: rolePolicy(inert[rolePolicyType]),
  };
  return (type) => {
    const handler = all[type];
    if (handler === undefined) {
      throw new Error(`NotModelled: the local cloud makes no ${type}`);
    }
    return handler;
  };
};
