import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  SecretsManagerClient,
  StopReplicationToReplicaCommand,
} from "@aws-sdk/client-secrets-manager";
import { type LocalCloud, operator } from "@standby/local-cloud";
import type { StackOutputs } from "@standby/topology";
import { pause } from "../src/deadline.ts";
import { keepRotating, type Rotation } from "../src/rotation-watch.ts";
import { readStackOutputs } from "../src/stack-outputs.ts";
import { bringUp, type Typing } from "./typing.ts";

const rotationMilliseconds = 120_000;

const outputsOf = async (type: Typing, stack: string): Promise<StackOutputs> =>
  readStackOutputs(stack, await type("pulumi", "stack", "output", "--json", "-s", stack));

/** @throws Error when the rotation function refuses */
async function tellRotation(
  { endpoint }: LocalCloud,
  { region, rotationFunctionName }: StackOutputs,
  event: object,
): Promise<void> {
  const client = new LambdaClient({ region, endpoint, credentials: operator });
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({
      FunctionName: rotationFunctionName,
      Payload: JSON.stringify(event),
    }),
    { abortSignal: AbortSignal.timeout(rotationMilliseconds) },
  );
  client.destroy();
  if (FunctionError)
    throw new Error(`the rotation function refused: ${Buffer.from(Payload ?? [])}`);
}

/** Both stacks with rotation by an admin secret, and the application's own user. */
export async function setUpRotation(cloud: LocalCloud, type: Typing): Promise<void> {
  for (const [key, value] of [
    ["secret.rotation.strategy", "alternating-users"],
    ["secret.admin.applicationUsername", "orders_app"],
  ] as const)
    await type("pulumi", "config", "set", "--path", key, value, "-s", "prod-east");
  await bringUp(type);
  await tellRotation(cloud, await outputsOf(type, "prod-east"), { Bootstrap: true });
}

/** Each of the stack's secrets is rotated by its Region's function, and the end of it awaited. */
export async function rotateOnce(cloud: LocalCloud, type: Typing, stack: string): Promise<void> {
  const { region, secretArn, adminSecretArn = "" } = await outputsOf(type, stack);
  const { endpoint } = cloud;
  for (const each of [secretArn, adminSecretArn]) {
    const rotations: Rotation[] = [];
    const settings = { region, endpoint, credentials: operator, pauseMilliseconds: 300 };
    const driver = keepRotating({ ...settings, secretArn: each }, rotations);
    const ending = AbortSignal.timeout(rotationMilliseconds);
    while (rotations.length === 0 && !ending.aborted) await pause(100, ending);
    await driver.stop();
    if (rotations.length === 0) throw new Error(`${each} was not rotated in ${region}`);
  }
}

/** With the primary Region dark for long: the copies become secrets of their own, and the recovery stack rotates them. */
export async function promoteAndRotate(cloud: LocalCloud, type: Typing): Promise<void> {
  const outputs = await outputsOf(type, "prod-west");
  const { region, secretArn, adminSecretArn } = outputs;
  const client = new SecretsManagerClient({
    region,
    endpoint: cloud.endpoint,
    credentials: operator,
  });
  for (const SecretId of [secretArn, adminSecretArn])
    await client.send(new StopReplicationToReplicaCommand({ SecretId }));
  client.destroy();
  await tellRotation(cloud, outputs, { Settle: true });
  await type("pulumi", "config", "set", "secretPromoted", "true", "-s", "prod-west");
  await type("pulumi", "up", "-s", "prod-west", "--yes");
  await rotateOnce(cloud, type, "prod-west");
}
