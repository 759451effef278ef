import { setTimeout as delay } from "node:timers/promises";
import { createSecretsClient } from "@standby/secret-access";
import { type BootstrapAnswer, bootstrap } from "./bootstrap.ts";
import { createLogin } from "./database-login.ts";
import { log } from "./log.ts";
import { newPassword } from "./password.ts";
import { readPlace } from "./place.ts";
import { rotate, type StepOutcome } from "./rotate.ts";
import { readEvent } from "./rotation-event.ts";
import type { RotationTools } from "./rotation-tools.ts";
import { createSecretStore } from "./secret-store.ts";
import { type SettleAnswer, settle } from "./settle.ts";

type Answer = { readonly outcome: StepOutcome } | BootstrapAnswer | SettleAnswer;

/** The part of Lambda's context that is used. */
interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** What the answer needs after the work: Lambda's own time-out tells nobody why. */
const reserveMillis = 1_000;

/**
 * The rotation function, the same in both Regions. What it throws fails the step, and Secrets Manager begins the rotation again
 * later.
 */
export async function handler(event: unknown, context: InvocationContext): Promise<Answer> {
  const started = performance.now();
  const facts: Record<string, unknown> = { requestId: context.awsRequestId };
  const milliseconds = () => Math.round(performance.now() - started);
  try {
    const asked = readEvent(event);
    if ("Step" in asked)
      Object.assign(facts, {
        step: asked.Step,
        secret: asked.SecretId,
        version: asked.ClientRequestToken,
      });
    else facts["step"] = "Settle" in asked ? "settle" : "bootstrap";
    const answer = await answerOf(asked, context.getRemainingTimeInMillis() - reserveMillis);
    log("info", { ...facts, ...answer, milliseconds: milliseconds() });
    return answer;
  } catch (error) {
    const { name, message, code } = error as Error & { readonly code?: unknown };
    log("error", { ...facts, error: name, code, reason: message, milliseconds: milliseconds() });
    throw error;
  }
}

async function answerOf(asked: ReturnType<typeof readEvent>, millis: number): Promise<Answer> {
  const place = readPlace(process.env);
  const signal = AbortSignal.timeout(Math.max(0, millis));
  const client = createSecretsClient(place.region);
  const tools: RotationTools = {
    place,
    signal,
    store: createSecretStore(client, signal),
    login: createLogin(place),
    sleep: (pause) => delay(pause, undefined, { signal }),
    newPassword,
  };
  try {
    if ("Step" in asked) return { outcome: await rotate(asked, tools) };
    return await ("Settle" in asked ? settle(tools) : bootstrap(tools));
  } finally {
    client.destroy();
  }
}
