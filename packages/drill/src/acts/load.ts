import { workload as workloadPrincipal } from "@standby/local-cloud";
import { pause, withDeadline } from "../deadline.ts";
import { watchCname } from "../dns-watch.ts";
import { type History, isAcknowledgement } from "../history.ts";
import { watchLag } from "../lag-watch.ts";
import { createOrdersClient, type OrdersClient } from "../orders-client.ts";
import type { Stage } from "../stage.ts";
import { Workload } from "../workload.ts";

export interface Clients {
  readonly primary: OrdersClient;
  readonly recovery: OrdersClient;
}

/** Clients of both Regions' functions, each of which has answered once: its cold start is no part of the story. */
export async function connectClients(stage: Stage): Promise<Clients> {
  const { cloud, evidence, lags, signal, running } = stage;
  if (!evidence.outputs) throw new Error("the stacks must be up before clients connect");
  const { primary, recovery } = evidence.outputs;
  const clients = {
    primary: createOrdersClient(primary, cloud.endpoint, workloadPrincipal),
    recovery: createOrdersClient(recovery, cloud.endpoint, workloadPrincipal),
  };
  running.clients.push(clients.primary, clients.recovery);
  running.lagWatches.push(
    ...[primary, recovery].map((outputs) =>
      watchLag({ outputs, endpoint: cloud.endpoint, credentials: workloadPrincipal }, lags),
    ),
  );
  await stage.act("The application answers in both Regions", () =>
    Promise.all([clients.primary, clients.recovery].map((each) => untilHealthy(each, signal))),
  );
  return clients;
}

/** Replication brings the schema and the secret's copy a moment after the stacks are up. */
export async function untilHealthy(client: OrdersClient, signal: AbortSignal): Promise<void> {
  let last = "no answer";
  const asking = async (both: AbortSignal) => {
    for (;;) {
      try {
        await withDeadline("one health request", 5, both, (one) => client.health(one));
        return;
      } catch (error) {
        both.throwIfAborted();
        last = error instanceof Error ? error.message : String(error);
        await pause(250, both);
      }
    }
  };
  try {
    await withDeadline(`the application in ${client.region}`, 30, signal, asking);
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`the application in ${client.region} is not healthy: ${last}`, {
      cause: error,
    });
  }
}

/** Writes through the primary Region, reads through both, and a resolver that watches the CNAME. */
export async function applyLoad(stage: Stage, clients: Clients): Promise<Workload> {
  const { act, cloud, evidence, history, answers, pacing, running, signal } = stage;
  const name = evidence.outputs?.recovery.databaseHostName ?? "";
  const workload = new Workload({ clients: [clients.primary, clients.recovery], history });
  await act(`Load: writes through ${clients.primary.region}, reads through both`, async (say) => {
    running.dnsWatch = watchCname(cloud.dnsServer, name, answers);
    running.workload = workload;
    workload.start();
    await withDeadline("the first acknowledged write", 30, signal, (both) =>
      history.next(isAcknowledgement, both),
    );
    const counting = setInterval(() => say(acknowledged(history)), 500);
    await pause(pacing.loadSeconds * 1000, signal);
    clearInterval(counting);
    signal.throwIfAborted();
    say(acknowledged(history));
  });
  return workload;
}

const acknowledged = (history: History): string =>
  `${history.acknowledgedIds.length} writes acknowledged`;
