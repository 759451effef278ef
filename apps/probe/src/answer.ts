import type { ProbeAnswers, ProbeRequest } from "@standby/topology";
import { probeCanary } from "./asks/canary.ts";
import { probeDatabase } from "./asks/database.ts";
import { findDivergedWrites } from "./asks/diverged-writes.ts";
import { enableEvents } from "./asks/enable-events.ts";
import { beat } from "./asks/heartbeat.ts";
import { resolve } from "./asks/resolve.ts";
import { probeSecret } from "./asks/secret.ts";
import { waitForTransactions } from "./asks/wait-for-transactions.ts";
import type { Surroundings } from "./database.ts";
import { OperationDeadlineError } from "./failures.ts";
import type { Place } from "./place.ts";

type AskOf<Ask extends ProbeRequest["ask"]> = Extract<ProbeRequest, { readonly ask: Ask }>;

/** Every request of the protocol. `signal` aborts at the operation's deadline, which comes before Lambda's own. */
const asks: {
  readonly [Ask in ProbeRequest["ask"]]: (
    request: AskOf<Ask>,
    around: Surroundings,
  ) => Promise<ProbeAnswers[Ask]>;
} = {
  secret: (_request, around) => probeSecret(around),
  resolve: ({ host }, around) => resolve(host, around),
  database: ({ address }, around) => probeDatabase(address, around),
  canary: ({ address }, around) => probeCanary(address, around),
  "wait-for-transactions": waitForTransactions,
  "diverged-writes": findDivergedWrites,
  "enable-events": enableEvents,
  heartbeat: (_request, around) => beat(around),
};

/**
 * Answers one request within the time, or throws.
 *
 * @throws NotAllowedError, OperationDeadlineError, AccessError, and mysql2's own errors of statements.
 */
export async function answer<Ask extends ProbeRequest["ask"]>(
  request: AskOf<Ask>,
  place: Place,
  millis: number,
): Promise<ProbeAnswers[Ask]> {
  const signal = AbortSignal.timeout(millis);
  const late = Promise.withResolvers<never>();
  const expire = () =>
    late.reject(
      new OperationDeadlineError(`${request.ask} did not end within ${millis} ms; ask again`),
    );
  signal.addEventListener("abort", expire, { once: true });
  const ask = asks[request.ask] as (typeof asks)[Ask];
  try {
    return await Promise.race([ask(request, { place, signal, millis }), late.promise]);
  } finally {
    signal.removeEventListener("abort", expire);
  }
}
