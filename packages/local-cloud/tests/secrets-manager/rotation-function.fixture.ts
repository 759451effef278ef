import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { FunctionUse } from "../../src/function-use.ts";

interface StepEvent {
  readonly Step: string;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

/** A rotation function that does what AWS's templates do, in this process, and can be made to fail or to wait. */
export class RotationFunction implements FunctionUse {
  readonly steps: string[] = [];
  /** What it saw at createSecret: it must not find a value. */
  readonly firstLooks: string[] = [];
  isPermitted = true;
  failingStep: string | undefined;
  /** Steps wait for it. */
  gate: Promise<void> = Promise.resolve();
  client: SecretsManagerClient | undefined;

  permits({ service }: Parameters<FunctionUse["permits"]>[0]): boolean {
    return this.isPermitted && service === "secretsmanager.amazonaws.com";
  }

  async call(_region: string, _arn: string, event: object, signal: AbortSignal): Promise<void> {
    const step = event as StepEvent;
    this.steps.push(step.Step);
    await this.gate;
    signal.throwIfAborted();
    if (step.Step === this.failingStep) throw new Error(`${step.Step} fails`);
    if (step.Step === "createSecret") await this.#create(step);
    if (step.Step === "finishSecret") await this.#finish(step);
  }

  #send(): SecretsManagerClient {
    if (!this.client) throw new Error("The function has no client.");
    return this.client;
  }

  async #create({ SecretId, ClientRequestToken }: StepEvent): Promise<void> {
    const look = { SecretId, VersionId: ClientRequestToken, VersionStage: "AWSPENDING" };
    const seen = await this.#send()
      .send(new GetSecretValueCommand(look))
      .then(
        (answer) => answer.SecretString ?? "",
        (error: Error) => error.name,
      );
    this.firstLooks.push(seen);
    if (seen !== "ResourceNotFoundException") return;
    await this.#send().send(
      new PutSecretValueCommand({
        SecretId,
        ClientRequestToken,
        SecretString: `rotated ${this.steps.length}`,
        VersionStages: ["AWSPENDING"],
      }),
    );
  }

  async #finish({ SecretId, ClientRequestToken }: StepEvent): Promise<void> {
    const { VersionId } = await this.#send().send(
      new GetSecretValueCommand({ SecretId, VersionStage: "AWSCURRENT" }),
    );
    await this.#send().send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: "AWSCURRENT",
        MoveToVersionId: ClientRequestToken,
        ...(VersionId && { RemoveFromVersionId: VersionId }),
      }),
    );
  }
}
