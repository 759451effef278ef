import {
  type DeployedPair,
  dnsSwitchFunctionName,
  monitorMetrics,
  preflightEvent,
  type StackOutputs,
} from "@standby/topology";

const allow = (
  sid: string,
  actions: readonly string[],
  resource: string | readonly string[],
  condition?: object,
): object => ({
  Sid: sid,
  Effect: "Allow",
  Action: actions,
  Resource: resource,
  ...(condition && { Condition: condition }),
});

const functionArn = (
  { accountId }: DeployedPair,
  { region }: Pick<StackOutputs, "region">,
  name: string,
): string => `arn:aws:lambda:${region}:${accountId}:function:${name}`;

/** What the monitor may do: look, in both Regions, and say what it saw. It reads no secret and writes nowhere. */
export function monitorStatements(pair: DeployedPair, bucketArn: string): readonly object[] {
  const { accountId, recoveryRegion } = pair;
  const sides = [pair.primary, pair.recovery];
  const probes = sides.flatMap((side) =>
    side.probeFunctionName === undefined ? [] : functionArn(pair, side, side.probeFunctionName),
  );
  const switches =
    pair.recovery.dnsSwitch === "health-check"
      ? [functionArn(pair, pair.recovery, dnsSwitchFunctionName(pair.service))]
      : [];
  return [
    // Neither knows a resource of one service; both only read.
    allow("SeeDatabases", ["rds:DescribeDBInstances", "rds:DescribeDBParameters"], "*"),
    allow(
      "SeeSecrets",
      ["secretsmanager:DescribeSecret"],
      sides.map(({ secretArn }) => secretArn),
    ),
    allow(
      "SeeName",
      ["route53:GetHostedZone", "route53:ListResourceRecordSets"],
      `arn:aws:route53:::hostedzone/${pair.zoneId}`,
    ),
    allow("AskProbes", ["lambda:InvokeFunction"], [...probes, ...switches]),
    allow(
      "SeeFunctions",
      ["lambda:GetFunctionConfiguration"],
      sides.map((side) => functionArn(pair, side, side.functionName)),
    ),
    allow("ReadLockAndRecord", ["s3:GetObject"], `${bucketArn}/*`),
    // Without it S3 answers for an object that is not there as for one that is forbidden.
    allow("TellMissingObjects", ["s3:ListBucket"], bucketArn),
    // The action knows no resource; the namespace is the only bound there is.
    allow("PublishFindings", ["cloudwatch:PutMetricData"], "*", {
      StringEquals: { "cloudwatch:namespace": monitorMetrics.namespace },
    }),
    allow(
      "SendVerdict",
      ["events:PutEvents"],
      `arn:aws:events:${recoveryRegion}:${accountId}:event-bus/default`,
      { StringEquals: { "events:source": preflightEvent.source } },
    ),
  ];
}
