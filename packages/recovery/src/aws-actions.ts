import type { LambdaClient } from "@aws-sdk/client-lambda";
import {
  AddTagsToResourceCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  ModifyDBParameterGroupCommand,
  PromoteReadReplicaCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { Route53Client } from "@aws-sdk/client-route-53";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import {
  type ProbeAnswers,
  type ProbeReply,
  type ProbeRequest,
  promotionRequested,
  promotionTag,
  type StackOutputs,
} from "@standby/topology";
import type { Actions, LiveDatabase } from "./actions.ts";
import { writeOrder } from "./application.ts";
import { callWithin } from "./call-within.ts";
import { readLiveDatabases } from "./live-databases.ts";
import type { Deployment } from "./observation.ts";
import { recordActions } from "./record-actions.ts";
import { secretActions } from "./secret-actions.ts";
import { publishNow } from "./switch-function.ts";

/** The clients of one Region; made when they are first asked for, so that a Region that is left alone has none. */
export interface MoveClients {
  in(region: string): {
    readonly rds: RDSClient;
    readonly lambda: LambdaClient;
    readonly secretsManager: SecretsManagerClient;
    readonly sts: STSClient;
  };
  readonly route53: Route53Client;
}

export interface AwsActionsOptions {
  readonly deployment: Deployment;
  readonly clients: MoveClients;
  readonly ask: <Request extends ProbeRequest>(
    outputs: StackOutputs,
    request: Request,
    signal: AbortSignal,
  ) => Promise<ProbeReply<ProbeAnswers[Request["ask"]]>>;
}

const callSeconds = 20;

/** The moves' calls on AWS. */
export function awsActions({ deployment, clients, ask }: AwsActionsOptions): Actions {
  const rds = (region: string) => clients.in(region).rds;
  const outputsOf = (region: string) =>
    region === deployment.primaryRegion ? deployment.primary : deployment.recovery;
  return {
    async caller(region, signal) {
      const { sts } = clients.in(region);
      await sts.send(new GetCallerIdentityCommand({}), callWithin(callSeconds, signal));
    },
    databases: (region, signal) =>
      readLiveDatabases(rds(region), outputsOf(region), deployment.service, signal),
    writeAccess: (database, signal) => readWriteAccess(rds(database.region), database, signal),
    async setWriteAccess({ region, parameterGroup }, access, signal) {
      await rds(region).send(
        new ModifyDBParameterGroupCommand({
          DBParameterGroupName: parameterGroup,
          Parameters: [
            { ParameterName: "read_only", ParameterValue: access, ApplyMethod: "immediate" },
          ],
        }),
        callWithin(callSeconds, signal),
      );
    },
    async tagPromotion({ region, arn }, signal) {
      const tag = { Key: promotionTag, Value: promotionRequested };
      await rds(region).send(
        new AddTagsToResourceCommand({ ResourceName: arn, Tags: [tag] }),
        callWithin(callSeconds, signal),
      );
    },
    async promote({ region, identifier, backupRetentionDays }, signal) {
      await rds(region).send(
        new PromoteReadReplicaCommand({
          DBInstanceIdentifier: identifier,
          BackupRetentionPeriod: Math.max(1, backupRetentionDays),
        }),
        callWithin(callSeconds, signal),
      );
    },
    ask: (region, request, signal) => ask(outputsOf(region), request, signal),
    writeThroughApplication: (region, mark, signal) =>
      writeOrder(clients.in(region).lambda, outputsOf(region), mark, signal),
    publishName: async (signal) => {
      const { lambda } = clients.in(deployment.recoveryRegion);
      return (await publishNow(lambda, deployment.recovery, signal)).namedRegion;
    },
    ...recordActions(() => clients.route53, deployment),
    ...secretActions((region) => clients.in(region).secretsManager, outputsOf),
  };
}

async function readWriteAccess(
  rds: RDSClient,
  { identifier, parameterGroup }: LiveDatabase,
  signal: AbortSignal,
) {
  const [parameters, instances] = await Promise.all([
    rds.send(
      new DescribeDBParametersCommand({ DBParameterGroupName: parameterGroup, Source: "user" }),
      callWithin(callSeconds, signal),
    ),
    rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }),
      callWithin(callSeconds, signal),
    ),
  ]);
  const parameter = parameters.Parameters?.find(
    ({ ParameterName }) => ParameterName === "read_only",
  );
  const group = instances.DBInstances?.[0]?.DBParameterGroups?.find(
    ({ DBParameterGroupName }) => DBParameterGroupName === parameterGroup,
  );
  return {
    value: parameter?.ParameterValue ?? "{TrueIfReplica}",
    inSync: group?.ParameterApplyStatus === "in-sync",
  };
}
