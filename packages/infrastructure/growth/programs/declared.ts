import type * as pulumi from "@pulumi/pulumi";

/** What both programs declare of every secret: the same, or there would be nothing to compare. */
export const replicaRegions = ["us-west-2", "eu-west-1"];
export const readerRoleArns = ["us-east-1", ...replicaRegions].map(
  (region) => `arn:aws:iam::123456789012:role/growth-${region}`,
);
export const firstValue = '{"host":"db.growth.internal","username":"growth"}';
export const tags = { service: "growth" };

export const secretNames = (config: pulumi.Config): readonly string[] =>
  Array.from({ length: config.requireNumber("secrets") }, (_, index) => `growth-${index + 1}`);
