import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { ProbeAnswers, ProbeReply, ProbeRequest } from "@standby/topology";
import { RecoveryError } from "./errors.ts";

/** The function ended without an answer of the protocol: it crashed, ran out of time, or is another function. */
export class ProbeCrashError extends RecoveryError {
  override readonly name = "ProbeCrashError";
}

/** The probe of one Region: the only way to its database, and to the secret as the application sees it. */
export class ProbeClient {
  readonly #lambda: Pick<LambdaClient, "send">;
  readonly functionName: string;
  readonly region: string;

  constructor(lambda: Pick<LambdaClient, "send">, region: string, functionName: string) {
    this.#lambda = lambda;
    this.region = region;
    this.functionName = functionName;
  }

  /**
   * What the probe answers: a failure that it found is data. The signal is the only bound of time.
   *
   * @throws ProbeCrashError when the function ends in another way; the SDK's error when it cannot be invoked
   */
  async ask<Request extends ProbeRequest>(
    request: Request,
    signal: AbortSignal,
  ): Promise<ProbeReply<ProbeAnswers[Request["ask"]]>> {
    const { Payload, FunctionError } = await this.#lambda.send(
      new InvokeCommand({ FunctionName: this.functionName, Payload: JSON.stringify(request) }),
      { abortSignal: signal },
    );
    const reply: unknown =
      FunctionError === undefined && Payload ? parsed(Payload.transformToString()) : undefined;
    if (isReply<ProbeAnswers[Request["ask"]]>(reply)) return reply;
    throw new ProbeCrashError(
      `The function ${this.functionName} in ${this.region} did not answer "${request.ask}": ${FunctionError ?? "its answer has another form"}.`,
      [`aws logs tail /aws/lambda/${this.functionName} --region ${this.region} --since 10m`],
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isReply = <Answer>(value: unknown): value is ProbeReply<Answer> =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "ok") === "boolean";
