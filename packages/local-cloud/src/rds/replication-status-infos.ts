import { setTimeout as delay } from "node:timers/promises";
import type { DBInstanceStatusInfo } from "@aws-sdk/client-rds";
import type { DatabaseServer, ReplicationState } from "../data-planes.ts";

const deadlineSeconds = 2;

/** A frozen server does not answer: that is no reason for the API not to. */
async function askServer(server: DatabaseServer): Promise<ReplicationState | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      server.replication(),
      delay(deadlineSeconds * 1000, undefined, { signal: timer.signal, ref: false }),
    ]);
  } catch {
    return undefined;
  } finally {
    timer.abort();
  }
}

/** `replicating`, or `error` with the server's own reason. */
export async function replicationStatusInfos(
  server: DatabaseServer,
): Promise<DBInstanceStatusInfo[]> {
  const state = await askServer(server);
  const isNormal = state?.configured === true && state.running;
  return [
    {
      StatusType: "read replication",
      Normal: isNormal,
      Status: isNormal ? "replicating" : "error",
      Message: isNormal ? undefined : (state?.error ?? "Replication is not running."),
    },
  ];
}
