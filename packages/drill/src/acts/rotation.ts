import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  SecretsManagerClient,
  StopReplicationToReplicaCommand,
} from "@aws-sdk/client-secrets-manager";
import { operator } from "@standby/local-cloud";
import type { StackOutputs } from "@standby/topology";
import { pause, withDeadline } from "../deadline.ts";
import { keepRotating, type Rotation } from "../rotation-watch.ts";
import { readStackOutputs } from "../stack-outputs.ts";
import type { Stage } from "../stage.ts";
import { primaryStack, recoveryStack, upTimeoutSeconds } from "./deploy.ts";

const bootstrapSeconds = 60;
const rotationSeconds = 60;

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
export async function bootstrapRotation({ act, cloud, pulumi, signal }: Stage): Promise<void> {
  await act("The application's own user, and the admin secret", async (say) => {
    const outputs = readStackOutputs(primaryStack, await pulumi.outputs(primaryStack));
    const { region, rotationFunctionName } = outputs;
    const client = new LambdaClient({ region, endpoint: cloud.endpoint, credentials: operator });
    const command = new InvokeCommand({
      FunctionName: rotationFunctionName,
      Payload: JSON.stringify({ Bootstrap: true }),
    });
    const { Payload, FunctionError } = await withDeadline(
      "the bootstrap",
      bootstrapSeconds,
      signal,
      (abortSignal) => client.send(command, { abortSignal }),
    );
    client.destroy();
    const answer = Buffer.from(Payload ?? []).toString("utf8");
    if (FunctionError !== undefined) throw new Error(`the bootstrap was refused: ${answer}`);
    say(answer.includes("handed-over") ? "the master user is left to the admin secret" : "again");
  });
}

/** Rotates through this Region until the drill, or `stop`, ends it. */
export async function rotateIn(stage: Stage, outputs: StackOutputs | undefined): Promise<void> {
  const { cloud, evidence, running } = stage;
  await running.rotation?.stop();
  const rotations: Rotation[] = [...(evidence.rotations ?? [])];
  evidence.rotations = rotations;
  const { region = "", secretArn = "" } = outputs ?? {};
  const options = { endpoint: cloud.endpoint, credentials: operator, pauseMilliseconds: 300 };
  running.rotation = keepRotating({ ...options, region, secretArn }, rotations);
}

/** With the primary Region dark: the copies become secrets of their own, and the recovery stack rotates them. */
export async function rotateInRecovery(stage: Stage): Promise<void> {
  const { act, cloud, pulumi, evidence, signal } = stage;
  const { recovery } = evidence.outputs ?? {};
  const region = recovery?.region ?? "";
  await act(`The secret's copies in ${region} are promoted`, async () => {
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
    await pulumi.setFlag(recoveryStack, "secretPromoted", true);
  });
  await act(`pulumi up -s ${recoveryStack} --yes  (rotation)`, () =>
    pulumi.up(recoveryStack, { skipPreview: true, timeoutSeconds: upTimeoutSeconds(cloud.dials) }),
  );
  await act(`The password rotates in ${region}`, async (say) => {
    await rotateIn(stage, recovery);
    const rotated = () => evidence.rotations?.filter((each) => each.region === region).length ?? 0;
    await withDeadline(`a rotation in ${region}`, rotationSeconds, signal, async (both) => {
      while (rotated() === 0) await pause(100, both);
    });
    say(`${rotated()} so far`);
  });
}
