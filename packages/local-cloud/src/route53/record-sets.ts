import type {
  ChangeResourceRecordSetsRequest,
  ChangeResourceRecordSetsResponse,
  GetChangeRequest,
  GetChangeResponse,
  ListResourceRecordSetsRequest,
  ListResourceRecordSetsResponse,
} from "@aws-sdk/client-route-53";
import type { Faults } from "../faults.ts";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { applyChangeBatch } from "./change-batch.ts";
import { checkChange } from "./failover-routing.ts";
import type { HealthCheckStore } from "./health-check-store.ts";
import { maxItemsOf } from "./list-page.ts";
import { changeInfo, recordSetView } from "./views.ts";
import { absoluteName, type RecordSet } from "./zone.ts";
import type { ZoneStore } from "./zone-store.ts";

const mostItems = 300;

/** AWS sorts names by their labels from the right, the records of one name by type, those of one type by identifier. */
const sortKey = (name: string, type: string, identifier = ""): string =>
  `${name
    .split(".")
    .filter((label) => label !== "")
    .reverse()
    .join(".")} ${type} ${identifier}`;

const keyOf = (set: RecordSet): string => sortKey(set.name, set.type, set.routing?.setIdentifier);

export const recordSetOperations = (
  store: ZoneStore,
  healthChecks: HealthCheckStore,
  faults: Faults,
): Readonly<Record<string, Operation>> => ({
  ChangeResourceRecordSets: operation<
    ChangeResourceRecordSetsRequest,
    ChangeResourceRecordSetsResponse
  >(({ HostedZoneId, ChangeBatch }, { region }) => {
    const zone = store.zone(HostedZoneId);
    const changes = ChangeBatch?.Changes ?? [];
    if (changes.length === 0)
      throw new AwsError("InvalidInput", "ChangeBatch must contain at least one change.");
    for (const change of changes) checkChange(change, healthChecks);
    const records = applyChangeBatch(zone.records, zone.name, changes);
    const isStuck = faults.take("fail-later", "route53", "ChangeResourceRecordSets", region);
    const change = isStuck
      ? store.leaveRecords(zone, records, ChangeBatch?.Comment)
      : store.changeRecords(zone, records, ChangeBatch?.Comment);
    return { ChangeInfo: changeInfo(change) };
  }),

  GetChange: operation<GetChangeRequest, GetChangeResponse>(({ Id }) => ({
    ChangeInfo: changeInfo(store.change(Id)),
  })),

  ListResourceRecordSets: operation<ListResourceRecordSetsRequest, ListResourceRecordSetsResponse>(
    (input) => {
      const zone = store.zone(input.HostedZoneId);
      const { StartRecordName: name, StartRecordType: type } = input;
      const { StartRecordIdentifier: identifier } = input;
      if (type !== undefined && name === undefined)
        throw new AwsError(
          "InvalidInput",
          "The request contains a record type but no record name.",
        );
      if (identifier !== undefined && type === undefined)
        throw new AwsError(
          "InvalidInput",
          "The request contains a record identifier but no record type.",
        );
      const start = name === undefined ? "" : sortKey(absoluteName(name), type ?? "", identifier);
      const limit = maxItemsOf(input.MaxItems, mostItems);
      const sets = [...zone.records.values()]
        .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
        .filter((set) => keyOf(set) >= start);
      const next = sets[limit];
      return {
        ResourceRecordSets: sets.slice(0, limit).map(recordSetView),
        IsTruncated: next !== undefined,
        NextRecordName: next?.name,
        NextRecordType: next?.type,
        NextRecordIdentifier: next?.routing?.setIdentifier,
        MaxItems: limit,
      };
    },
  ),
});
