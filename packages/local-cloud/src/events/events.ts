import type {
  DeleteRuleRequest,
  DescribeRuleRequest,
  DescribeRuleResponse,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  ListTargetsByRuleRequest,
  ListTargetsByRuleResponse,
  PutRuleRequest,
  PutRuleResponse,
  PutTargetsRequest,
  PutTargetsResponse,
  RemoveTargetsRequest,
  RemoveTargetsResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from "@aws-sdk/client-eventbridge";
import { Background } from "../background.ts";
import type { Dials } from "../dials.ts";
import type { FunctionUse } from "../function-use.ts";
import { operation } from "../operation.ts";
import type { Outages } from "../outages.ts";
import { AwsError, type Operation, type Service } from "../service.ts";
import { putEventsOperation, type SentEvent } from "./put-events.ts";
import { type Rule, RuleStore, ruleArn } from "./rule-store.ts";
import { rateMinutes } from "./schedule.ts";
import { Scheduler } from "./scheduler.ts";

interface EventsOptions {
  readonly functions: FunctionUse;
  readonly outages: Outages;
  readonly dials: Dials;
}

interface Context {
  readonly store: RuleStore;
  readonly scheduler: Scheduler;
}

const largestTargets = 5;

function checkRule(input: PutRuleRequest): void {
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(input.Name ?? ""))
    throw new AwsError("ValidationException", "Parameter Name is not valid.");
  if (input.ScheduleExpression === undefined && input.EventPattern === undefined)
    throw new AwsError(
      "ValidationException",
      "Parameter(s) EventPattern or ScheduleExpression must be specified.",
    );
  if (input.ScheduleExpression !== undefined) rateMinutes(input.ScheduleExpression);
}

const newRule = (name: string, region: string): Rule => ({
  region,
  name,
  arn: ruleArn(region, name),
  description: undefined,
  scheduleExpression: undefined,
  eventPattern: undefined,
  state: "ENABLED",
  tags: new Map(),
  targets: new Map(),
});

const ruleOperations = ({ store, scheduler }: Context): Readonly<Record<string, Operation>> => ({
  PutRule: operation<PutRuleRequest, PutRuleResponse>((input, { region }) => {
    checkRule(input);
    const name = input.Name ?? "";
    const known = store.in(region).get(name);
    const rule = known ?? newRule(name, region);
    // Tags of a rule that is there already are not touched.
    if (!known) for (const { Key = "", Value = "" } of input.Tags ?? []) rule.tags.set(Key, Value);
    rule.description = input.Description;
    rule.scheduleExpression = input.ScheduleExpression;
    rule.eventPattern = input.EventPattern;
    rule.state = input.State === "DISABLED" ? "DISABLED" : "ENABLED";
    store.in(region).set(name, rule);
    scheduler.follow(rule);
    return { RuleArn: rule.arn };
  }),
  DescribeRule: operation<DescribeRuleRequest, DescribeRuleResponse>((input, { region }) => {
    const rule = store.get(region, input.Name);
    return {
      Name: rule.name,
      Arn: rule.arn,
      Description: rule.description,
      ScheduleExpression: rule.scheduleExpression,
      EventPattern: rule.eventPattern,
      State: rule.state,
      EventBusName: "default",
    };
  }),
  DeleteRule: operation<DeleteRuleRequest, object>(({ Name }, { region }) => {
    const rule = store.in(region).get(Name ?? "");
    if (!rule) return {};
    if (rule.targets.size > 0)
      throw new AwsError("ValidationException", "Rule can't be deleted since it has targets.");
    store.in(region).delete(rule.name);
    scheduler.forget(rule);
    return {};
  }),
});

const targetOperations = ({ store }: Context): Readonly<Record<string, Operation>> => ({
  PutTargets: operation<PutTargetsRequest, PutTargetsResponse>((input, { region }) => {
    const rule = store.get(region, input.Rule);
    for (const { Id = "", Arn = "", Input } of input.Targets ?? [])
      rule.targets.set(Id, { id: Id, arn: Arn, input: Input });
    if (rule.targets.size > largestTargets)
      throw new AwsError(
        "LimitExceededException",
        "The requested resource exceeds the maximum number allowed.",
      );
    return { FailedEntryCount: 0, FailedEntries: [] };
  }),
  ListTargetsByRule: operation<ListTargetsByRuleRequest, ListTargetsByRuleResponse>(
    (input, { region }) => ({
      Targets: [...store.get(region, input.Rule).targets.values()].map(({ id, arn, input }) => ({
        Id: id,
        Arn: arn,
        Input: input,
      })),
    }),
  ),
  RemoveTargets: operation<RemoveTargetsRequest, RemoveTargetsResponse>((input, { region }) => {
    const rule = store.get(region, input.Rule);
    for (const id of input.Ids ?? []) rule.targets.delete(id);
    return { FailedEntryCount: 0, FailedEntries: [] };
  }),
});

const tagOperations = ({ store }: Context): Readonly<Record<string, Operation>> => {
  const named = (arn: string | undefined, region: string) =>
    store.get(region, arn?.split("/").at(-1));
  return {
    TagResource: operation<TagResourceRequest, object>(({ ResourceARN, Tags }, { region }) => {
      const { tags } = named(ResourceARN, region);
      for (const { Key = "", Value = "" } of Tags ?? []) tags.set(Key, Value);
      return {};
    }),
    UntagResource: operation<UntagResourceRequest, object>(
      ({ ResourceARN, TagKeys }, { region }) => {
        for (const key of TagKeys ?? []) named(ResourceARN, region).tags.delete(key);
        return {};
      },
    ),
    ListTagsForResource: operation<ListTagsForResourceRequest, ListTagsForResourceResponse>(
      ({ ResourceARN }, { region }) => ({
        Tags: [...named(ResourceARN, region).tags].map(([Key, Value]) => ({ Key, Value })),
      }),
    ),
  };
};

/** EventBridge: scheduled rules of the default bus that really call functions. Events of other kinds reach nobody. */
export function createEvents({ functions, outages, dials }: EventsOptions): Service & {
  /** What was sent to the bus, oldest first. */
  readonly sent: readonly SentEvent[];
  close(): Promise<void>;
} {
  const background = new Background(outages);
  const scheduler = new Scheduler({ functions, background, dials });
  const sent: SentEvent[] = [];
  const context = { store: new RuleStore(), scheduler };
  return {
    name: "events",
    operations: {
      ...ruleOperations(context),
      ...targetOperations(context),
      ...tagOperations(context),
      ...putEventsOperation(sent),
    },
    sent,
    close: () => background.close(),
  };
}
