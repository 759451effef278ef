import { randomUUID } from "node:crypto";
import {
  AssociateVPCWithHostedZoneCommand,
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  DisassociateVPCFromHostedZoneCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourceCommand,
  type ResourceRecordSet,
  UpdateHostedZoneCommentCommand,
  type VPC,
} from "@aws-sdk/client-route-53";
import { during, hasCode } from "../aws-call-error.ts";
import { flag, maps, type PropertyMap, requiredText, text, textMap } from "../property-values.ts";
import type { ResourceHandler, Scope, Update } from "../resource-handler.ts";
import { tagChanges, tagMap } from "../tag-changes.ts";
import { bareZoneId, untilInSync } from "./route53-changes.ts";

const vpcsOf = (properties: PropertyMap, scope: Scope): VPC[] =>
  maps(properties, "vpcs").map((vpc) => ({
    VPCId: requiredText(vpc, "vpcId"),
    VPCRegion: (text(vpc, "vpcRegion") ?? scope.region) as VPC["VPCRegion"],
  }));

const associate = async (HostedZoneId: string, VPC: VPC, scope: Scope): Promise<void> => {
  const command = new AssociateVPCWithHostedZoneCommand({ HostedZoneId, VPC });
  const answer = await scope.aws.route53.send(command, { abortSignal: scope.signal });
  await untilInSync(answer.ChangeInfo?.Id, scope);
};

const disassociate = async (HostedZoneId: string, VPC: VPC, scope: Scope): Promise<void> => {
  const command = new DisassociateVPCFromHostedZoneCommand({ HostedZoneId, VPC });
  const answer = await scope.aws.route53.send(command, { abortSignal: scope.signal });
  await untilInSync(answer.ChangeInfo?.Id, scope);
};

const changeTags = async (
  id: string,
  old: Record<string, string>,
  wanted: Record<string, string>,
  scope: Scope,
): Promise<void> => {
  const { removed, put } = tagChanges(old, wanted);
  if (removed.length + put.length === 0) return;
  const command = new ChangeTagsForResourceCommand({
    ResourceType: "hostedzone",
    ResourceId: id,
    ...(put.length > 0 ? { AddTags: put } : {}),
    ...(removed.length > 0 ? { RemoveTagKeys: removed } : {}),
  });
  await scope.aws.route53.send(command, { abortSignal: scope.signal });
};

/** A zone is private from the first VPC on, so that one goes into the creation; the others follow one by one. */
const create: ResourceHandler["create"] = async (inputs, scope, created) => {
  const name = requiredText(inputs, "name");
  const [first, ...others] = vpcsOf(inputs, scope);
  const delegationSet = text(inputs, "delegationSetId");
  const command = new CreateHostedZoneCommand({
    Name: name,
    CallerReference: randomUUID(),
    HostedZoneConfig: { Comment: text(inputs, "comment") ?? "" },
    ...(delegationSet ? { DelegationSetId: delegationSet } : {}),
    ...(first ? { VPC: first } : {}),
  });
  try {
    const answer = await scope.aws.route53.send(command, { abortSignal: scope.signal });
    const id = bareZoneId(answer.HostedZone?.Id ?? "");
    created(id);
    await untilInSync(answer.ChangeInfo?.Id, scope);
    await changeTags(id, {}, textMap(inputs, "tagsAll"), scope);
    for (const vpc of others) await associate(id, vpc, scope);
  } catch (error) {
    throw during(`creating Route53 Hosted Zone (${name})`, error);
  }
};

/** A private zone has no delegation set: its name servers are in its own NS record. */
const privateNameServers = async (id: string, name: string, scope: Scope): Promise<string[]> => {
  const command = new ListResourceRecordSetsCommand({
    HostedZoneId: id,
    StartRecordName: name,
    StartRecordType: "NS",
  });
  const answer = await scope.aws.route53.send(command, { abortSignal: scope.signal });
  const record = answer.ResourceRecordSets?.find((set) => set.Type === "NS" && set.Name === name);
  return (record?.ResourceRecords ?? []).map(({ Value = "" }) => Value);
};

const read: ResourceHandler["read"] = async (id, _state, scope) => {
  const options = { abortSignal: scope.signal };
  try {
    const answer = await scope.aws.route53.send(new GetHostedZoneCommand({ Id: id }), options);
    const zone = answer.HostedZone;
    const name = zone?.Name ?? "";
    const nameServers =
      answer.DelegationSet?.NameServers ?? (await privateNameServers(id, name, scope));
    const tags = new ListTagsForResourceCommand({ ResourceType: "hostedzone", ResourceId: id });
    const { ResourceTagSet } = await scope.aws.route53.send(tags, options);
    return {
      arn: `arn:aws:route53:::hostedzone/${id}`,
      comment: zone?.Config?.Comment ?? "",
      delegationSetId: bareZoneId(answer.DelegationSet?.Id ?? "").replace("/delegationset/", ""),
      name: name.replace(/\.$/, ""),
      nameServers: [...nameServers].sort(),
      primaryNameServer: nameServers[0],
      tags: tagMap(ResourceTagSet?.Tags),
      vpcs: (answer.VPCs ?? []).map((vpc) => ({ vpcId: vpc.VPCId, vpcRegion: vpc.VPCRegion })),
      zoneId: id,
    };
  } catch (error) {
    if (hasCode(error, "NoSuchHostedZone")) return undefined;
    throw during(`reading Route53 Hosted Zone (${id})`, error);
  }
};

/** Associations are added before others go: a private zone always needs one. */
const changeVpcs = async ({ id, state, planned }: Update, scope: Scope): Promise<void> => {
  const [old, wanted] = [vpcsOf(state, scope), vpcsOf(planned, scope)];
  const missing = (from: VPC[]) => (vpc: VPC) => from.every((each) => each.VPCId !== vpc.VPCId);
  for (const vpc of wanted.filter(missing(old))) await associate(id, vpc, scope);
  for (const vpc of old.filter(missing(wanted))) await disassociate(id, vpc, scope);
};

const update: ResourceHandler["update"] = async (request, scope) => {
  const { id, state, planned, changed } = request;
  try {
    if (changed.has("tagsAll")) {
      await changeTags(id, textMap(state, "tagsAll"), textMap(planned, "tagsAll"), scope);
    }
    if (changed.has("comment")) {
      const Comment = text(planned, "comment") ?? "";
      const command = new UpdateHostedZoneCommentCommand({ Id: id, Comment });
      await scope.aws.route53.send(command, { abortSignal: scope.signal });
    }
    if (changed.has("vpcs")) await changeVpcs(request, scope);
  } catch (error) {
    throw during(`updating Route53 Hosted Zone (${id})`, error);
  }
};

/** Route 53 takes so many changes in one batch. */
const batchSize = 100;

const emptyZone = async (id: string, name: string, scope: Scope): Promise<void> => {
  const command = new ListResourceRecordSetsCommand({ HostedZoneId: id });
  const answer = await scope.aws.route53.send(command, { abortSignal: scope.signal });
  const isOwn = (set: ResourceRecordSet) =>
    set.Name?.replace(/\.$/, "") === name && (set.Type === "NS" || set.Type === "SOA");
  const sets = (answer.ResourceRecordSets ?? []).filter((set) => !isOwn(set));
  for (let start = 0; start < sets.length; start += batchSize) {
    const Changes = sets
      .slice(start, start + batchSize)
      .map((set) => ({ Action: "DELETE" as const, ResourceRecordSet: set }));
    const batch = new ChangeResourceRecordSetsCommand({
      HostedZoneId: id,
      ChangeBatch: { Comment: "Deleted by Pulumi", Changes },
    });
    const change = await scope.aws.route53.send(batch, { abortSignal: scope.signal });
    await untilInSync(change.ChangeInfo?.Id, scope);
  }
};

const remove: ResourceHandler["delete"] = async (id, state, scope) => {
  const options = { abortSignal: scope.signal };
  try {
    await scope.aws.route53.send(new GetHostedZoneCommand({ Id: id }), options);
    if (flag(state, "forceDestroy")) await emptyZone(id, requiredText(state, "name"), scope);
    const answer = await scope.aws.route53.send(new DeleteHostedZoneCommand({ Id: id }), options);
    await untilInSync(answer.ChangeInfo?.Id, scope);
  } catch (error) {
    if (hasCode(error, "NoSuchHostedZone")) return;
    throw during(`deleting Route53 Hosted Zone (${id})`, error);
  }
};

export const route53Zone: ResourceHandler = { create, read, update, delete: remove };
