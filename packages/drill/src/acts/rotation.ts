import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  SecretsManagerClient,
  StopReplicationToReplicaCommand,
} from "@aws-sdk/client-secrets-manager";
import { operator, workload } from "@standby/local-cloud";
import type { StackOutputs } from "@standby/topology";
import { pause, withDeadline } from "../deadline.ts";
import { keepRotating, type Rotation } from "../rotation-watch.ts";
import { readStackOutputs } from "../stack-outputs.ts";
import type { Stage } from "../stage.ts";
import { primaryStack, recoveryStack, upTimeoutSeconds } from "./deploy.ts";

const callSeconds = 60;
const rotationSeconds = 120;
const lookMilliseconds = 100;
/** Longer than from one look at the secret to the next: each version is seen while it is current. */
const pauseMilliseconds = 1_500;

/** A single user: the strategy with a moment in which the secret and the database do not agree. */
export async function configureRotation({ act, pulumi }: Stage): Promise<void> {
  await act(`pulumi config set --path secret.rotation… -s ${primaryStack}`, () =>
    pulumi.configure(
      primaryStack,
      {
        "secret.rotation.strategy": "single-user",
        "secret.admin.applicationUsername": "orders_app",
      },
      { path: true },
    ),
  );
}

/** The application gets a user of its own; the rotations that the stack has declared succeed from now on. */
export async function bootstrapRotation(stage: Stage): Promise<void> {
  await stage.act("The application's own user, and the admin secret", async (say) => {
    const answer = await callRotation(stage, primaryStack, { Bootstrap: true });
    say(answer.includes("handed-over") ? "the master user is left to the admin secret" : "again");
  });
}

async function callRotation(
  { cloud, pulumi, signal }: Stage,
  stack: string,
  event: object,
): Promise<string> {
  const outputs = readStackOutputs(stack, await pulumi.outputs(stack));
  const { region, rotationFunctionName } = outputs;
  const client = new LambdaClient({ region, endpoint: cloud.endpoint, credentials: operator });
  const command = new InvokeCommand({
    FunctionName: rotationFunctionName,
    Payload: JSON.stringify(event),
  });
  const { Payload, FunctionError } = await withDeadline(
    "the rotation function",
    callSeconds,
    signal,
    (abortSignal) => client.send(command, { abortSignal }),
  );
  client.destroy();
  const answer = Buffer.from(Payload ?? []).toString("utf8");
  if (FunctionError !== undefined) throw new Error(`the rotation function refused: ${answer}`);
  return answer;
}

/** Asks for rotations through this Region until the drill, or `stopRotating`, ends it. */
export async function rotateIn(stage: Stage, outputs: StackOutputs | undefined): Promise<void> {
  const { cloud, evidence, running } = stage;
  const { region = "", secretArn = "" } = outputs ?? {};
  await stopRotating(stage, region);
  const { rotations = [] } = evidence;
  evidence.rotations = rotations;
  // Of the load: what it asks a Region that is going is no call of the failover.
  const options = { endpoint: cloud.endpoint, credentials: workload, pauseMilliseconds };
  running.rotations.set(region, keepRotating({ ...options, region, secretArn }, rotations));
}

/** Whoever asked for rotations there is gone, as when the Region is lost: one that has begun is left to itself. */
export async function stopRotating({ running }: Stage, region: string): Promise<void> {
  await running.rotations.get(region)?.stop();
  running.rotations.delete(region);
}

/** No rotation begins there any more, and the last one has ended. */
export async function endRotating(stage: Stage, region: string): Promise<void> {
  const { act, running, signal } = stage;
  await act(`The last rotation in ${region} ends`, () =>
    withDeadline(`the last rotation in ${region}`, rotationSeconds, signal, async (both) => {
      await running.rotations.get(region)?.finish(both);
    }),
  );
  running.rotations.delete(region);
}

/** The copies follow the primary Region's secrets again: the recovery stack forgets that it rotated them. */
export async function leaveRotationToPrimary({ act, cloud, pulumi }: Stage): Promise<void> {
  await act(`pulumi up -s ${recoveryStack} --yes  (secretPromoted false)`, async () => {
    await pulumi.setFlag(recoveryStack, "secretPromoted", false);
    const timeoutSeconds = upTimeoutSeconds(cloud.dials);
    await pulumi.up(recoveryStack, { skipPreview: true, timeoutSeconds });
  });
}

/** With the primary Region dark: the copies become secrets of their own, and the recovery stack rotates them. */
export async function rotateInRecovery(stage: Stage): Promise<void> {
  const { act, cloud, pulumi, evidence, signal } = stage;
  const { recovery } = evidence.outputs ?? {};
  const region = recovery?.region ?? "";
  await act(`The secret's copies in ${region} are promoted`, async (say) => {
    const client = new SecretsManagerClient({
      region,
      endpoint: cloud.endpoint,
      credentials: operator,
    });
    for (const arn of [recovery?.secretArn, recovery?.adminSecretArn])
      await client.send(new StopReplicationToReplicaCommand({ SecretId: arn }), {
        abortSignal: signal,
      });
    client.destroy();
    const { settled } = JSON.parse(await callRotation(stage, recoveryStack, { Settle: true })) as {
      readonly settled: Readonly<Record<string, string>>;
    };
    say(`the rotation that the loss cut off: ${Object.values(settled).join(", ")}`);
    await pulumi.setFlag(recoveryStack, "secretPromoted", true);
  });
  await act(`pulumi up -s ${recoveryStack} --yes  (rotation)`, () =>
    pulumi.up(recoveryStack, { skipPreview: true, timeoutSeconds: upTimeoutSeconds(cloud.dials) }),
  );
  await rotateIn(stage, recovery);
  await untilRotated(stage, region);
}

/** A rotation that begins from now on comes to its end: a busy machine takes its time. */
export async function untilRotated({ act, evidence, signal }: Stage, region: string) {
  const startedAt = Date.now();
  const isSince = (each: Rotation) => each.region === region && each.startedAt >= startedAt;
  await act(`The password rotates in ${region}`, () =>
    withDeadline(`a rotation in ${region}`, rotationSeconds, signal, async (both) => {
      while (!evidence.rotations?.some(isSince)) {
        both.throwIfAborted();
        await pause(lookMilliseconds, both);
      }
    }),
  );
}
