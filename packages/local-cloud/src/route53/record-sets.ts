import type {
  ChangeResourceRecordSetsRequest,
  ChangeResourceRecordSetsResponse,
  GetChangeRequest,
  GetChangeResponse,
  ListResourceRecordSetsRequest,
  ListResourceRecordSetsResponse,
} from "@aws-sdk/client-route-53";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { applyChangeBatch } from "./change-batch.ts";
import { changeInfo, recordSetView } from "./views.ts";
import { absoluteName, type RecordSet } from "./zone.ts";
import type { ZoneStore } from "./zone-store.ts";

const mostItems = 300;

/** AWS sorts names by their labels from the right, and the records of one name by type. */
const sortKey = (name: string, type: string): string =>
  `${name
    .split(".")
    .filter((label) => label !== "")
    .reverse()
    .join(".")} ${type}`;

const keyOf = (set: RecordSet): string => sortKey(set.name, set.type);

export const recordSetOperations = (store: ZoneStore): Readonly<Record<string, Operation>> => ({
  ChangeResourceRecordSets: operation<
    ChangeResourceRecordSetsRequest,
    ChangeResourceRecordSetsResponse
  >(({ HostedZoneId, ChangeBatch }) => {
    const zone = store.zone(HostedZoneId);
    const changes = ChangeBatch?.Changes ?? [];
    if (changes.length === 0)
      throw new AwsError("InvalidInput", "ChangeBatch must contain at least one change.");
    const records = applyChangeBatch(zone.records, zone.name, changes);
    return { ChangeInfo: changeInfo(store.changeRecords(zone, records, ChangeBatch?.Comment)) };
  }),

  GetChange: operation<GetChangeRequest, GetChangeResponse>(({ Id }) => ({
    ChangeInfo: changeInfo(store.change(Id)),
  })),

  ListResourceRecordSets: operation<ListResourceRecordSetsRequest, ListResourceRecordSetsResponse>(
    (input) => {
      const zone = store.zone(input.HostedZoneId);
      const { StartRecordName: name, StartRecordType: type } = input;
      if (type !== undefined && name === undefined)
        throw new AwsError(
          "InvalidInput",
          "The request contains a record type but no record name.",
        );
      const start = name === undefined ? "" : sortKey(absoluteName(name), type ?? "");
      const limit = Math.min(input.MaxItems ?? mostItems, mostItems);
      const sets = [...zone.records.values()]
        .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
        .filter((set) => keyOf(set) >= start);
      const next = sets[limit];
      return {
        ResourceRecordSets: sets.slice(0, limit).map(recordSetView),
        IsTruncated: next !== undefined,
        NextRecordName: next?.name,
        NextRecordType: next?.type,
        MaxItems: limit,
      };
    },
  ),
});
