import type { ProbeReply } from "@standby/topology";
import { answer } from "./answer.ts";
import { failureOf } from "./failures.ts";
import { logAnswer } from "./log.ts";
import { readPlace } from "./place.ts";
import { readRequest } from "./request.ts";

/** The part of Lambda's context that is used. */
interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** What the answer needs after the work: Lambda's own time-out answers nobody. */
const reserveMillis = 1_000;

/** The Lambda function of the probe, the same in both Regions. It never throws: what failed is part of the answer. */
export async function handler(
  event: unknown,
  context: InvocationContext,
): Promise<ProbeReply<object>> {
  const started = performance.now();
  let ask = "unknown";
  let reply: ProbeReply<object>;
  try {
    const request = readRequest(event);
    ask = request.ask;
    const millis = Math.max(0, context.getRemainingTimeInMillis() - reserveMillis);
    reply = { ok: true, answer: await answer(request, readPlace(process.env), millis) };
  } catch (error) {
    reply = { ok: false, failure: failureOf(error) };
  }
  const milliseconds = Math.round(performance.now() - started);
  logAnswer({ requestId: context.awsRequestId, ask, milliseconds }, reply);
  return reply;
}
