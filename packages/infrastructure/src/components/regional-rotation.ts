import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RotationSchedule } from "../decide-rotation.ts";
import { RegionalFunction, type RegionalFunctionArgs } from "./regional-function.ts";

export interface RegionalRotationArgs extends Omit<RegionalFunctionArgs, "statements" | "role"> {
  readonly roleName: string;
  /** ARN of this Region's own copy of the admin secret. */
  readonly adminSecretArn?: pulumi.Input<string>;
  /** Absent in a Region whose secrets are copies of another one's, and before the database has its name. */
  readonly schedule?: RotationSchedule;
}

/**
 * The rotation function of one Region with its role, and the leave of Secrets Manager to call it. All of it is there from the first
 * day in both Regions: IAM is run from us-east-1 and cannot be changed while that is lost.
 */
export class RegionalRotation extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: RegionalRotationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:secret:RegionalRotation", name, {}, opts);

    const { roleName, adminSecretArn, schedule, ...functionArgs } = args;
    const secrets = [
      { suffix: "", arn: pulumi.output(args.secretArn) },
      ...(adminSecretArn !== undefined
        ? [{ suffix: "-admin", arn: pulumi.output(adminSecretArn) }]
        : []),
    ];
    const rotation = new RegionalFunction(
      name,
      {
        ...functionArgs,
        role: { name: roleName },
        statements: pulumi
          .all([args.keyArn, secrets.map(({ arn }) => arn)])
          .apply(([keyArn, arns]) => rotationStatements(args.region, keyArn, arns)),
      },
      { parent: this },
    );
    for (const { suffix, arn } of secrets) {
      const permission = new aws.lambda.Permission(
        `${name}${suffix}`,
        {
          statementId: `secrets-manager${suffix}`,
          action: "lambda:InvokeFunction",
          function: rotation.functionName,
          principal: "secretsmanager.amazonaws.com",
          sourceArn: arn,
        },
        { parent: this },
      );
      if (!schedule) continue;
      new aws.secretsmanager.SecretRotation(
        `${name}${suffix}-schedule`,
        {
          secretId: arn,
          // Left out, it would be a difference for ever.
          rotationEnabled: true,
          rotationLambdaArn: rotation.functionArn,
          rotationRules: { automaticallyAfterDays: schedule.automaticallyAfterDays },
          rotateImmediately: schedule.rotateImmediately,
        },
        // A copy that was promoted and joined again is a replica, on which rotation cannot even be cancelled.
        { parent: this, dependsOn: [permission], retainOnDelete: schedule.isOfPromotedCopy },
      );
    }
    this.functionName = rotation.functionName;
    this.registerOutputs({ functionName: this.functionName });
  }
}

const rotationStatements = (
  region: string,
  keyArn: string,
  secretArns: readonly string[],
): readonly object[] => [
  {
    Sid: "RotateLocalSecrets",
    Effect: "Allow",
    Action: [
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetSecretValue",
      "secretsmanager:PutSecretValue",
      "secretsmanager:UpdateSecretVersionStage",
    ],
    Resource: secretArns,
  },
  {
    Sid: "EncryptLocalSecrets",
    Effect: "Allow",
    Action: "kms:GenerateDataKey",
    Resource: keyArn,
    Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
  },
];
