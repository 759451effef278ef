import { randomUUID } from "node:crypto";
import {
  ChangeTagsForResourceCommand,
  CreateHealthCheckCommand,
  DeleteHealthCheckCommand,
  GetHealthCheckCommand,
  type HealthCheckConfig,
  ListTagsForResourceCommand,
  UpdateHealthCheckCommand,
  type UpdateHealthCheckCommandInput,
} from "@aws-sdk/client-route-53";
import { during, hasCode } from "../aws-call-error.ts";
import { flag, type PropertyMap, requiredText, text, textMap } from "../property-values.ts";
import type { ResourceHandler, Scope, Update } from "../resource-handler.ts";
import { tagChanges, tagMap } from "../tag-changes.ts";

type AlarmIdentifier = NonNullable<HealthCheckConfig["AlarmIdentifier"]>;
type DataStatus = HealthCheckConfig["InsufficientDataHealthStatus"];

const alarmOf = (properties: PropertyMap): AlarmIdentifier => ({
  Name: text(properties, "cloudwatchAlarmName"),
  Region: text(properties, "cloudwatchAlarmRegion") as AlarmIdentifier["Region"],
});

/** Only the type that follows an alarm is known here; Route 53 itself refuses to make the others. */
const configOf = (properties: PropertyMap): HealthCheckConfig => {
  const status = text(properties, "insufficientDataHealthStatus");
  const inverted = flag(properties, "invertHealthcheck");
  const disabled = flag(properties, "disabled");
  return {
    Type: requiredText(properties, "type") as HealthCheckConfig["Type"],
    ...(text(properties, "cloudwatchAlarmName") ? { AlarmIdentifier: alarmOf(properties) } : {}),
    ...(status ? { InsufficientDataHealthStatus: status as DataStatus } : {}),
    ...(inverted === undefined ? {} : { Inverted: inverted }),
    ...(disabled === undefined ? {} : { Disabled: disabled }),
  };
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
    ResourceType: "healthcheck",
    ResourceId: id,
    ...(put.length > 0 ? { AddTags: put } : {}),
    ...(removed.length > 0 ? { RemoveTagKeys: removed } : {}),
  });
  await scope.aws.route53.send(command, { abortSignal: scope.signal });
};

/** A reference name is what people find the check by in AWS's console; it must be unique all the same. */
const referenceOf = (properties: PropertyMap): string => {
  const name = text(properties, "referenceName");
  return name ? `${name}-${randomUUID()}` : randomUUID();
};

const create: ResourceHandler["create"] = async (inputs, scope, created) => {
  const command = new CreateHealthCheckCommand({
    CallerReference: referenceOf(inputs),
    HealthCheckConfig: configOf(inputs),
  });
  try {
    const { HealthCheck } = await scope.aws.route53.send(command, { abortSignal: scope.signal });
    const id = HealthCheck?.Id ?? "";
    created(id);
    await changeTags(id, {}, textMap(inputs, "tagsAll"), scope);
  } catch (error) {
    throw during("creating Route53 Health Check", error);
  }
};

const read: ResourceHandler["read"] = async (id, _state, scope) => {
  const options = { abortSignal: scope.signal };
  try {
    const answer = await scope.aws.route53.send(
      new GetHealthCheckCommand({ HealthCheckId: id }),
      options,
    );
    const config = answer.HealthCheck?.HealthCheckConfig;
    const tags = new ListTagsForResourceCommand({ ResourceType: "healthcheck", ResourceId: id });
    const { ResourceTagSet } = await scope.aws.route53.send(tags, options);
    return {
      arn: `arn:aws:route53:::healthcheck/${id}`,
      cloudwatchAlarmName: config?.AlarmIdentifier?.Name,
      cloudwatchAlarmRegion: config?.AlarmIdentifier?.Region,
      disabled: config?.Disabled ?? false,
      insufficientDataHealthStatus: config?.InsufficientDataHealthStatus ?? "",
      invertHealthcheck: config?.Inverted ?? false,
      tags: tagMap(ResourceTagSet?.Tags),
      type: config?.Type,
    };
  } catch (error) {
    if (hasCode(error, "NoSuchHealthCheck")) return undefined;
    throw during(`reading Route53 Health Check (${id})`, error);
  }
};

/** Only what changed is sent; a changed trigger sends the alarm again, because Route 53 does not follow its changes. */
const changesOf = ({ id, planned, changed }: Update): UpdateHealthCheckCommandInput => {
  const isAny = (...names: readonly string[]) => names.some((name) => changed.has(name));
  const status = text(planned, "insufficientDataHealthStatus");
  return {
    HealthCheckId: id,
    ...(isAny("cloudwatchAlarmName", "cloudwatchAlarmRegion", "triggers")
      ? { AlarmIdentifier: alarmOf(planned) }
      : {}),
    ...(isAny("insufficientDataHealthStatus") && status
      ? { InsufficientDataHealthStatus: status as DataStatus }
      : {}),
    ...(isAny("invertHealthcheck")
      ? { Inverted: flag(planned, "invertHealthcheck") ?? false }
      : {}),
    ...(isAny("disabled") ? { Disabled: flag(planned, "disabled") ?? false } : {}),
  };
};

const update: ResourceHandler["update"] = async (request, scope) => {
  const { id, state, planned, changed } = request;
  try {
    if (changed.has("tagsAll"))
      await changeTags(id, textMap(state, "tagsAll"), textMap(planned, "tagsAll"), scope);
    if ([...changed].every((name) => name === "tags" || name === "tagsAll")) return;
    const command = new UpdateHealthCheckCommand(changesOf(request));
    await scope.aws.route53.send(command, { abortSignal: scope.signal });
  } catch (error) {
    throw during(`updating Route53 Health Check (${id})`, error);
  }
};

const remove: ResourceHandler["delete"] = async (id, _state, scope) => {
  const command = new DeleteHealthCheckCommand({ HealthCheckId: id });
  try {
    await scope.aws.route53.send(command, { abortSignal: scope.signal });
  } catch (error) {
    if (hasCode(error, "NoSuchHealthCheck")) return;
    throw during(`deleting Route53 Health Check (${id})`, error);
  }
};

export const route53HealthCheck: ResourceHandler = { create, read, update, delete: remove };
