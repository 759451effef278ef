import type { StackOutputs } from "@standby/topology";

export const primaryOutputs: StackOutputs = {
  role: "primary",
  region: "us-east-1",
  service: "orders-prod",
  databaseHostName: "db.orders.internal",
  database: {
    identifier: "orders-prod-1",
    arn: "arn:aws:rds:us-east-1:123456789012:db:orders-prod-1",
    address: "orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com",
    port: 3306,
  },
  secretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-prod/database-AbCdEf",
  functionName: "orders-prod-orders-api",
  zoneId: "Z1",
  vpcId: "vpc-1",
  vpcCidr: "10.10.0.0/16",
};

export const recoveryOutputs = {
  ...primaryOutputs,
  role: "recovery",
  region: "us-west-2",
  database: {
    identifier: "orders-prod-1",
    arn: "arn:aws:rds:us-west-2:123456789012:db:orders-prod-1",
    address: "orders-prod-1.d4e5f6.us-west-2.rds.amazonaws.com",
    port: 3306,
  },
  secretArn: "arn:aws:secretsmanager:us-west-2:123456789012:secret:orders-prod/database-AbCdEf",
  recordRegion: "us-east-1",
  databaseMode: "replica",
  recoveryBucket: "orders-prod-recovery-123456789012-us-west-2",
  primary: primaryOutputs,
} as const satisfies StackOutputs;
