import {
  type Change,
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import type { Actions, LiveRecord } from "./actions.ts";
import { callWithin } from "./call-within.ts";
import type { Deployment } from "./observation.ts";
import { plain } from "./observe-record.ts";

/** Of a control plane that does not answer: a command that waits longer only says later that the name has not moved. */
const callSeconds = 10;

/** What the moves ask and change of the CNAME. Route 53's control plane is in us-east-1; nobody else there is asked. */
export function recordActions(
  client: () => Route53Client,
  { zoneId, databaseHostName, recordTtlSeconds }: Deployment,
): Pick<Actions, "record" | "replaceRecord"> {
  return {
    record: (signal) => readRecord(client(), zoneId, databaseHostName, signal),
    async replaceRecord(seen, address, signal) {
      const next = change("CREATE", databaseHostName, address, recordTtlSeconds);
      const Changes = seen
        ? [change("DELETE", databaseHostName, seen.value, seen.ttlSeconds), next]
        : [next];
      await client().send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: zoneId,
          ChangeBatch: { Comment: "standby: the database has moved", Changes },
        }),
        callWithin(callSeconds, signal),
      );
    },
  };
}

/**
 * An UPSERT would write over whatever is there. A deletion has to name the value and the TTL exactly, and both changes of a batch are
 * made together or not at all, so that there is no moment without the name.
 */
const change = (Action: "CREATE" | "DELETE", Name: string, Value: string, TTL: number): Change => ({
  Action,
  ResourceRecordSet: { Name, Type: "CNAME", TTL, ResourceRecords: [{ Value }] },
});

async function readRecord(
  client: Route53Client,
  zoneId: string,
  name: string,
  signal: AbortSignal,
): Promise<LiveRecord | undefined> {
  const { ResourceRecordSets: [set] = [] } = await client.send(
    new ListResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      StartRecordName: name,
      StartRecordType: "CNAME",
      MaxItems: 1,
    }),
    callWithin(callSeconds, signal),
  );
  if (set?.Type !== "CNAME" || plain(set.Name ?? "") !== plain(name)) return undefined;
  return {
    value: set.ResourceRecords?.[0]?.Value ?? "",
    ttlSeconds: set.TTL ?? 0,
  };
}
