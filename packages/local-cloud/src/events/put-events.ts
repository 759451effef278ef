import { randomUUID } from "node:crypto";
import type { PutEventsRequest, PutEventsResponse } from "@aws-sdk/client-eventbridge";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";

/** An event that somebody sent to the default bus. Rules that match events are not modelled: here it arrives. */
export interface SentEvent {
  readonly region: string;
  readonly source: string;
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
}

const mostEntries = 10;

function isJson(text: string | undefined): boolean {
  try {
    return typeof JSON.parse(text ?? "") === "object";
  } catch {
    return false;
  }
}

/** An entry that EventBridge does not take is no error of the call. */
export const putEventsOperation = (sent: SentEvent[]): Readonly<Record<string, Operation>> => ({
  PutEvents: operation<PutEventsRequest, PutEventsResponse>(({ Entries = [] }, { region }) => {
    if (Entries.length < 1 || Entries.length > mostEntries)
      throw new AwsError(
        "ValidationException",
        `Member must have length from 1 to ${mostEntries}: entries`,
      );
    const results = Entries.map(({ Source = "", DetailType = "", Detail, EventBusName }) => {
      if (Source === "" || DetailType === "")
        return { ErrorCode: "InvalidArgument", ErrorMessage: "Source and DetailType are required" };
      if (!isJson(Detail))
        return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
      if (EventBusName !== undefined && EventBusName !== "default")
        throw new AwsError("NotModelled", "NotModelled: EventBridge.PutEvents to another bus", 501);
      sent.push({ region, source: Source, detailType: DetailType, detail: Detail ?? "" });
      return { EventId: randomUUID() };
    });
    const FailedEntryCount = results.filter((result) => "ErrorCode" in result).length;
    return { FailedEntryCount, Entries: results };
  }),
});
