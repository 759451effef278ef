import type * as pulumi from "@pulumi/pulumi";
import { functionEnvironment, probeFunctionName, replicationRecordKey } from "@standby/topology";
import type { RecoveryBucket } from "./components/recovery-bucket.ts";
import type { RegionalFunction } from "./components/regional-function.ts";
import { RegionalProbe } from "./components/regional-probe.ts";
import { databaseHosts } from "./database-hosts.ts";
import { bundleOf } from "./function-bundle.ts";
import type { FunctionSurroundings } from "./orders-function.ts";
import type { StackConfig } from "./stack-config.ts";

/** The probe of one Region. Its longest work is to wait for transactions and to read binary logs. */
export const probeFunction = (
  { service, region }: StackConfig,
  application: RegionalFunction,
  around: FunctionSurroundings & {
    /** Of the Region's own database. */
    readonly databaseAddress: pulumi.Input<string>;
    /** Recovery Region only. */
    readonly bucket?: RecoveryBucket;
  },
): RegionalProbe => {
  const { secretArn, keyArn, databaseAddresses, databaseAddress, bucket, network, tags } = around;
  return new RegionalProbe("probe", {
    functionName: probeFunctionName(service),
    application,
    policyName: "probe",
    description: "Probe",
    timeoutSeconds: 60,
    region,
    bundlePath: bundleOf("probe"),
    secretArn,
    keyArn,
    databaseHosts: databaseHosts(service, databaseAddresses),
    variables: {
      [functionEnvironment.databaseAddress]: databaseAddress,
      ...(bucket ? { [functionEnvironment.recoveryBucket]: bucket.bucketName } : {}),
    },
    ...(bucket ? { statements: bucket.arn.apply(keepRecord) } : {}),
    network,
    tags,
  });
};

const keepRecord = (bucketArn: string): readonly object[] => [
  {
    Sid: "KeepReplicationRecord",
    Effect: "Allow",
    Action: "s3:PutObject",
    Resource: `${bucketArn}/${replicationRecordKey}`,
  },
];
