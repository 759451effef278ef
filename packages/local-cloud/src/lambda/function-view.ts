import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { stableHash } from "../identifiers.ts";
import { codeHash, type LambdaFunction } from "./function-state.ts";

/** `2026-11-24T07:00:00.000+0000`: Lambda writes this one time as a text of its own. */
const lastModified = (date: Date): string => date.toISOString().replace("Z", "+0000");

const latest = "$LATEST";

export function functionView(lambda: LambdaFunction): FunctionConfiguration {
  const { variables, subnetIds, securityGroupIds, ...settings } = lambda.settings;
  return {
    ...settings,
    FunctionName: lambda.name,
    FunctionArn: lambda.arn,
    CodeSize: lambda.archive.length,
    CodeSha256: codeHash(lambda.archive),
    LastModified: lastModified(lambda.changedAt),
    Version: latest,
    RevisionId: lambda.revisionId,
    State: lambda.state,
    StateReason: lambda.state === "Active" ? undefined : lambda.reason,
    LastUpdateStatus: lambda.updateStatus,
    LastUpdateStatusReason: lambda.updateStatus === "Failed" ? lambda.reason : undefined,
    Environment: Object.keys(variables).length > 0 ? { Variables: { ...variables } } : undefined,
    VpcConfig:
      subnetIds.length > 0
        ? {
            SubnetIds: [...subnetIds],
            SecurityGroupIds: [...securityGroupIds],
            VpcId: `vpc-${stableHash(...subnetIds)}`,
          }
        : undefined,
    LoggingConfig: settings.LoggingConfig ?? {
      LogFormat: "Text",
      LogGroup: `/aws/lambda/${lambda.name}`,
    },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
  };
}
