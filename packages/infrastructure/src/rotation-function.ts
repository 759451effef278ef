import type * as pulumi from "@pulumi/pulumi";
import {
  functionEnvironment,
  type RotationOutput,
  rotationFunctionName,
  rotationRoleName,
} from "@standby/topology";
import { RegionalRotation } from "./components/regional-rotation.ts";
import { databaseHosts } from "./database-hosts.ts";
import type { RotationSchedule } from "./decide-rotation.ts";
import { bundleOf } from "./function-bundle.ts";
import type { FunctionSurroundings } from "./orders-function.ts";
import type { StackConfig } from "./stack-config.ts";

/** The rotation function of one Region. Its longest wait is the one for the copies of a secret. */
export const rotationFunction = (
  { service, region }: StackConfig,
  { strategy, applicationUsername }: RotationOutput,
  around: FunctionSurroundings & {
    readonly adminSecretArn: pulumi.Input<string> | undefined;
    readonly schedule: RotationSchedule | undefined;
  },
): RegionalRotation => {
  const { secretArn, keyArn, databaseAddresses, adminSecretArn, schedule, network, tags } = around;
  return new RegionalRotation("secret-rotation", {
    functionName: rotationFunctionName(service),
    roleName: rotationRoleName(service, region),
    policyName: "secret-rotation",
    description: "Secret rotation",
    timeoutSeconds: 60,
    region,
    bundlePath: bundleOf("secret-rotation"),
    secretArn,
    keyArn,
    databaseHosts: databaseHosts(service, databaseAddresses),
    variables: {
      [functionEnvironment.rotationStrategy]: strategy,
      ...(adminSecretArn !== undefined
        ? { [functionEnvironment.adminSecretName]: adminSecretArn }
        : {}),
      ...(applicationUsername
        ? { [functionEnvironment.applicationUsername]: applicationUsername }
        : {}),
    },
    ...(adminSecretArn !== undefined ? { adminSecretArn } : {}),
    ...(schedule ? { schedule } : {}),
    network,
    tags,
  });
};
