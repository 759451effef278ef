import {
  type Change,
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { AwsCallError, during, hasCode } from "../aws-call-error.ts";
import { flag, type PropertyMap, requiredText, text } from "../property-values.ts";
import type { ResourceHandler, Scope, Update } from "../resource-handler.ts";
import { retrying } from "../waiting.ts";
import { expandedName, recordSetOf, recordState } from "./record-sets.ts";
import { bareZoneId, untilInSync } from "./route53-changes.ts";

const zoneNameOf = async (zoneId: string, scope: Scope): Promise<string> => {
  const command = new GetHostedZoneCommand({ Id: bareZoneId(zoneId) });
  const answer = await scope.aws.route53.send(command, { abortSignal: scope.signal });
  return answer.HostedZone?.Name ?? "";
};

const recordId = (properties: PropertyMap): string => {
  const identifier = text(properties, "setIdentifier");
  const parts = [
    bareZoneId(requiredText(properties, "zoneId")),
    requiredText(properties, "name").toLowerCase(),
    requiredText(properties, "type"),
  ];
  return [...parts, ...(identifier ? [identifier] : [])].join("_");
};

/** The reverse of an id, for imports. A name may itself hold underscores. */
const fromId = (id: string): PropertyMap => {
  const match = /^([^_]+)_(.*)_([A-Z]+)(?:_(.+))?$/.exec(id);
  if (!match) return {};
  const [, zoneId, name, type, setIdentifier] = match;
  return { zoneId, name, type, ...(setIdentifier ? { setIdentifier } : {}) };
};

/** Returns when Route 53 has accepted the change, with the change's id. */
const send = async (zoneId: string, Changes: Change[], scope: Scope) => {
  const command = new ChangeResourceRecordSetsCommand({
    HostedZoneId: bareZoneId(zoneId),
    ChangeBatch: { Comment: "Managed by Pulumi", Changes },
  });
  const answer = await retrying(
    () => scope.aws.route53.send(command, { abortSignal: scope.signal }),
    (error) => hasCode(error, "NoSuchHostedZone"),
    scope,
    60,
  );
  return answer.ChangeInfo?.Id;
};

const words = (error: unknown): unknown =>
  error instanceof AwsCallError && error.code === "InvalidChangeBatch"
    ? new Error(`InvalidChangeBatch: ${error.detail}`, { cause: error })
    : error;

/** The path of a creation, and of every update that keeps the record's identity: only the action differs. */
const put = async (properties: PropertyMap, action: ChangeAction, scope: Scope) => {
  const zoneId = requiredText(properties, "zoneId");
  const zoneName = await zoneNameOf(zoneId, scope);
  const set = recordSetOf(properties, zoneName);
  return send(zoneId, [{ Action: action, ResourceRecordSet: set }], scope);
};

const create: ResourceHandler["create"] = async (inputs, scope, created) => {
  const action = flag(inputs, "allowOverwrite") ? "UPSERT" : "CREATE";
  try {
    const change = await put(inputs, action, scope);
    created(recordId(inputs));
    await untilInSync(change, scope);
  } catch (error) {
    throw during("creating Route53 Record", words(error));
  }
};

const find = async (
  properties: PropertyMap,
  zoneName: string,
  scope: Scope,
): Promise<ResourceRecordSet | undefined> => {
  const [name, type] = [requiredText(properties, "name"), requiredText(properties, "type")];
  const identifier = text(properties, "setIdentifier");
  const wanted = expandedName(name, zoneName);
  const command = new ListResourceRecordSetsCommand({
    HostedZoneId: bareZoneId(requiredText(properties, "zoneId")),
    StartRecordName: wanted,
    StartRecordType: type as ResourceRecordSet["Type"],
    MaxItems: identifier ? 100 : 1,
  });
  const answer = await scope.aws.route53.send(command, { abortSignal: scope.signal });
  return answer.ResourceRecordSets?.find(
    (set) =>
      (set.Name ?? "").toLowerCase().replace(/\.$/, "") === wanted &&
      set.Type === type &&
      (set.SetIdentifier ?? "") === (identifier ?? ""),
  );
};

/** A missing zone means a missing record. */
const findInZone = async (
  properties: PropertyMap,
  scope: Scope,
): Promise<ResourceRecordSet | undefined> => {
  try {
    const zoneName = await zoneNameOf(requiredText(properties, "zoneId"), scope);
    return await find(properties, zoneName, scope);
  } catch (error) {
    if (hasCode(error, "NoSuchHostedZone")) return undefined;
    throw error;
  }
};

const read: ResourceHandler["read"] = async (id, state, scope) => {
  const properties = text(state, "zoneId") ? state : fromId(id);
  if (!text(properties, "zoneId")) throw new Error(`unexpected record id (${id})`);
  try {
    const set = await findInZone(properties, scope);
    if (!set) return undefined;
    const name = requiredText(properties, "name").toLowerCase().replace(/\.$/, "");
    return { ...recordState(set), name, zoneId: bareZoneId(requiredText(properties, "zoneId")) };
  } catch (error) {
    throw during(`reading Route53 Record (${id})`, error);
  }
};

/** Another type or set identifier: one batch, with the old record rebuilt from the state, so that drift makes it fail. */
const exchange = async ({ state, planned }: Update, scope: Scope) => {
  const zoneId = requiredText(planned, "zoneId");
  const zoneName = await zoneNameOf(zoneId, scope);
  const next = flag(planned, "allowOverwrite") ? "UPSERT" : "CREATE";
  return send(
    zoneId,
    [
      { Action: "DELETE", ResourceRecordSet: recordSetOf(state, zoneName) },
      { Action: next, ResourceRecordSet: recordSetOf(planned, zoneName) },
    ],
    scope,
  );
};

/** Even an update without changes writes the record again. */
const update: ResourceHandler["update"] = async (request, scope) => {
  const { planned, changed } = request;
  try {
    const isOther = changed.has("type") || changed.has("setIdentifier");
    const change = await (isOther ? exchange(request, scope) : put(planned, "UPSERT", scope));
    await untilInSync(change, scope);
  } catch (error) {
    throw during("updating Route53 Record", words(error));
  }
};

/** Deletes whatever is live under the name, whatever the state says about its values. */
const remove: ResourceHandler["delete"] = async (id, state, scope) => {
  try {
    const live = await findInZone(state, scope);
    if (!live) return;
    const change: Change = { Action: "DELETE", ResourceRecordSet: live };
    await untilInSync(await send(requiredText(state, "zoneId"), [change], scope), scope);
  } catch (error) {
    if (hasCode(error, "InvalidChangeBatch", "NoSuchHostedZone")) return;
    throw during(`deleting Route53 Record (${id})`, error);
  }
};

export const route53Record: ResourceHandler = { create, read, update, delete: remove };
