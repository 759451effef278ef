import { localSecretArn } from "@standby/topology";
import type { ReplicatedSecret } from "./components/replicated-secret.ts";
import { decideRotation, rotationOf, rulesOutput } from "./decide-rotation.ts";
import type { LastPrimary, PrimaryOutputs, RecoveryHandoff, StackExports } from "./handoff.ts";
import type { FunctionSurroundings } from "./orders-function.ts";
import { declareAdminSecret } from "./primary-secret.ts";
import { rotationFunction } from "./rotation-function.ts";
import type { PrimaryConfig, RecoveryConfig } from "./stack-config.ts";

/** Nothing is rotated before the database has its name: a rotation finds it by the CNAME, as the application does. */
export function primaryRotation(
  config: PrimaryConfig,
  around: FunctionSurroundings & {
    readonly secret: ReplicatedSecret;
    readonly recovery: RecoveryHandoff;
    readonly last: LastPrimary;
  },
): Partial<StackExports> {
  const rotation = rotationOf(config);
  if (!rotation) return {};
  const { secret, recovery, last, ...surroundings } = around;
  const admin = declareAdminSecret(config, secret, around.tags);
  const schedule = decideRotation(
    recovery.recordRegion === undefined ? undefined : rotation.automaticallyAfterDays,
    { last: last.rotationRules, isOfPromotedCopy: false },
  );
  const { functionName } = rotationFunction(config, rotation, {
    ...surroundings,
    adminSecretArn: admin?.arn,
    schedule,
  });
  return {
    rotation,
    rotationFunctionName: functionName,
    ...(admin ? { adminSecretArn: admin.arn } : {}),
    ...rulesOutput(schedule),
  };
}

/** The function and its rights, ready for the day on which this Region's copies are promoted. Until then they are not rotated here. */
export function recoveryRotation(
  config: RecoveryConfig,
  around: FunctionSurroundings & {
    readonly primary: PrimaryOutputs;
    readonly last: RecoveryHandoff;
  },
): Partial<StackExports> {
  const { primary, last, ...surroundings } = around;
  const { rotation, adminSecretArn: primaryArn } = primary;
  if (!rotation) return {};
  const adminSecretArn =
    primaryArn === undefined ? undefined : localSecretArn(primaryArn, config.region);
  const schedule = decideRotation(
    config.secretPromoted ? rotation.automaticallyAfterDays : undefined,
    { last: last.rotationRules, isOfPromotedCopy: true },
  );
  const { functionName } = rotationFunction(config, rotation, {
    ...surroundings,
    adminSecretArn,
    schedule,
  });
  return {
    rotationFunctionName: functionName,
    ...(adminSecretArn === undefined ? {} : { adminSecretArn }),
    ...rulesOutput(schedule),
  };
}
