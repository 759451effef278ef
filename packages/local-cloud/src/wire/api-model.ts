import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as eventBridge from "@aws-sdk/client-eventbridge";
import * as kms from "@aws-sdk/client-kms";
import * as lambda from "@aws-sdk/client-lambda";
import * as rds from "@aws-sdk/client-rds";
import * as route53 from "@aws-sdk/client-route-53";
import * as s3 from "@aws-sdk/client-s3";
import * as secretsManager from "@aws-sdk/client-secrets-manager";
import * as sts from "@aws-sdk/client-sts";
import { NormalizedSchema } from "@smithy/core/schema";
import type { ServiceName } from "../outages.ts";

export type WireFormat = "json" | "query" | "rest-json" | "rest-xml" | "s3";

export interface OperationModel {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** REST formats only: method, path template and status of success. */
  readonly http: readonly [string, string, number] | undefined;
}

/**
 * What AWS's own model says of a service: operations, the names of each element, and which HTTP status belongs to which error.
 * It comes with the SDK client, so that no shape is written down twice.
 */
export interface ApiModel {
  readonly service: ServiceName;
  /** As in `NotModelled: RDS.CreateDBCluster`. */
  readonly title: string;
  readonly format: WireFormat;
  readonly xmlNamespace?: string;
  /** Target prefix of JSON requests, version of Query requests, first path segment of REST requests. */
  readonly marker: string;
  readonly operations: ReadonlyMap<string, OperationModel>;
}

type StaticOperation = [9, string, string, Readonly<Record<string, unknown>>, unknown, unknown];

const isStaticOperation = (value: unknown): value is StaticOperation =>
  Array.isArray(value) && value[0] === 9;

type SchemaReference = Parameters<typeof NormalizedSchema.of>[0];

const operationModel = ([, , name, traits, input, output]: StaticOperation): OperationModel => ({
  name,
  input: NormalizedSchema.of(input as SchemaReference),
  output: NormalizedSchema.of(output as SchemaReference),
  http: traits["http"] as OperationModel["http"],
});

const operationsOf = (client: object): ReadonlyMap<string, OperationModel> =>
  new Map(
    Object.values(client)
      .filter(isStaticOperation)
      .map((operation) => [operation[2], operationModel(operation)]),
  );

export const apiModels: readonly ApiModel[] = [
  {
    service: "cloudwatch",
    title: "CloudWatch",
    format: "json",
    marker: "GraniteServiceVersion20100801",
    operations: operationsOf(cloudwatch),
  },
  {
    service: "secretsmanager",
    title: "SecretsManager",
    format: "json",
    marker: "secretsmanager",
    operations: operationsOf(secretsManager),
  },
  {
    service: "kms",
    title: "KMS",
    format: "json",
    marker: "TrentService",
    operations: operationsOf(kms),
  },
  {
    service: "rds",
    title: "RDS",
    format: "query",
    marker: "2014-10-31",
    xmlNamespace: "http://rds.amazonaws.com/doc/2014-10-31/",
    operations: operationsOf(rds),
  },
  {
    service: "sts",
    title: "STS",
    format: "query",
    marker: "2011-06-15",
    xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    operations: operationsOf(sts),
  },
  {
    service: "route53",
    title: "Route53",
    format: "rest-xml",
    marker: "2013-04-01",
    xmlNamespace: "https://route53.amazonaws.com/doc/2013-04-01/",
    operations: operationsOf(route53),
  },
  {
    service: "lambda",
    title: "Lambda",
    format: "rest-json",
    marker: "2015-03-31",
    operations: operationsOf(lambda),
  },
  {
    service: "events",
    title: "EventBridge",
    format: "json",
    marker: "AWSEvents",
    operations: operationsOf(eventBridge),
  },
  {
    service: "s3",
    title: "S3",
    format: "s3",
    marker: "",
    xmlNamespace: "http://s3.amazonaws.com/doc/2006-03-01/",
    operations: operationsOf(s3),
  },
];
