import { type Call, dialsOf } from "@standby/local-cloud";
import type { StackOutputs } from "@standby/topology";
import type { Evidence } from "../src/evidence.ts";
import type { ReadAttempt, WriteAttempt } from "../src/history.ts";

export const primaryRegion = "us-east-1";
export const recoveryRegion = "us-west-2";
const operatorArn = "arn:aws:iam::123456789012:user/operator";
const workloadArn = "arn:aws:iam::123456789012:user/workload";
export const primaryAddress = "orders-prod-1.c1east.us-east-1.rds.amazonaws.com";
export const recoveryAddress = "orders-prod-1.c1west.us-west-2.rds.amazonaws.com";

export const lossAt = Date.parse("2026-11-24T10:00:00.000Z");
const flagAt = lossAt + 500;

export const stackOutputs = (role: "primary" | "recovery"): StackOutputs => {
  const region = role === "primary" ? primaryRegion : recoveryRegion;
  return {
    role,
    region,
    service: "orders-prod",
    databaseHostName: "db.orders.internal",
    database: {
      identifier: "orders-prod-1",
      arn: `arn:aws:rds:${region}:123456789012:db:orders-prod-1`,
      address: role === "primary" ? primaryAddress : recoveryAddress,
      port: 3306,
    },
    secretArn: `arn:aws:secretsmanager:${region}:123456789012:secret:orders-prod/database-AbCdEf`,
    functionName: "orders-prod-orders-api",
    zoneId: "Z1",
    vpcId: "vpc-1",
    vpcCidr: "10.0.0.0/16",
  };
};

/** `at` is in milliseconds from the loss; a write takes 10 ms. */
export const write = (
  orderId: string | undefined,
  region: string,
  at: number,
  key = `key-${orderId}`,
): WriteAttempt => ({
  kind: "write",
  key,
  region,
  startedAt: lossAt + at,
  endedAt: lossAt + at + 10,
  orderId,
  detail: undefined,
});

export const read = (
  orderId: string,
  region: string,
  at: number,
  outcome: ReadAttempt["outcome"] = "found",
): ReadAttempt => ({
  kind: "read",
  orderId,
  region,
  startedAt: lossAt + at,
  endedAt: lossAt + at + 5,
  outcome,
  detail: undefined,
});

export const call = (
  sequence: number,
  operation: string,
  at: number,
  changes: Partial<Call> = {},
): Call => ({
  sequence,
  at: new Date(lossAt + at).toISOString(),
  region: recoveryRegion,
  service: "rds",
  operation,
  principal: operatorArn,
  outcome: "answered",
  status: 200,
  ...changes,
});

const route53 = { region: primaryRegion, service: "route53" } as const;

export const goodCalls: readonly Call[] = [
  call(100, "Invoke", 10, { region: primaryRegion, service: "lambda", principal: workloadArn }),
  call(101, "DescribeDBInstances", 2000),
  call(102, "PromoteReadReplica", 2500),
  call(103, "DescribeDBInstances", 3000),
  call(104, "DescribeDBInstances", 5600),
  call(105, "ChangeResourceRecordSets", 6000, route53),
  call(106, "GetChange", 6500, route53),
];

/** A drill in which all went well: a test breaks one thing in it. */
export const goodEvidence = (): Evidence => ({
  lossMode: "hang",
  dnsSwitch: "record",
  route53IsDown: false,
  primaryRegion,
  recoveryRegion,
  workloadPrincipal: workloadArn,
  dials: dialsOf("fast"),
  databaseServer: "MariaDB 10.11.19",
  phases: [{ name: "Start the local cloud", startedAt: "2026-11-24T09:59:00.000Z", seconds: 4 }],
  attempts: [
    write("e1", primaryRegion, -5000),
    read("e1", recoveryRegion, -4000),
    write("e2", primaryRegion, -3000),
    write("e3", primaryRegion, -30),
    write(undefined, recoveryRegion, 1000, "key-w1"),
    write(undefined, recoveryRegion, 6600, "key-w1"),
    write("w1", recoveryRegion, 6900),
    read("w1", recoveryRegion, 7000),
    write("w2", recoveryRegion, 7100),
  ],
  lags: [],
  answers: [
    { at: lossAt - 5000, value: primaryAddress, resolved: true, ttlSeconds: 5 },
    { at: lossAt + 6200, value: primaryAddress, resolved: true, ttlSeconds: 5 },
    { at: lossAt + 6400, value: recoveryAddress, resolved: true, ttlSeconds: 5 },
  ],
  outputs: { primary: stackOutputs("primary"), recovery: stackOutputs("recovery") },
  secondUps: [
    { stack: "prod-east", changed: false },
    { stack: "prod-west", changed: false },
  ],
  preview: [
    {
      urn: "urn:pulumi:prod-west::standby::aws:rds/instance:Instance::database",
      type: "aws:rds/instance:Instance",
      operation: "update",
      properties: ["replicateSourceDb"],
    },
    {
      urn: "urn:pulumi:prod-west::standby::aws:route53/record:Record::record",
      type: "aws:route53/record:Record",
      operation: "update",
      properties: ["records"],
    },
  ],
  lossAt,
  flagAt,
  callsAfterLoss: goodCalls,
  repeatedFailover: { stack: "prod-west", changed: false },
  health: {
    region: recoveryRegion,
    secret: { arn: stackOutputs("recovery").secretArn, versionId: "v1" },
    database: { host: "db.orders.internal", target: recoveryAddress, role: "writer" },
  },
  verification: { checked: 5, missing: [] },
  stackFiles: { before: { "Pulumi.yaml": "a" }, after: { "Pulumi.yaml": "a" } },
});
