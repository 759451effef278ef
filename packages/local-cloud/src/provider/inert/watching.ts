import { randomUUID } from "node:crypto";
import { type PropertyMap, requiredText } from "../property-values.ts";
import { calls, given, type InertScope, type InertType } from "./inert-type.ts";

const topicArn = (inputs: PropertyMap, { region, accountId }: InertScope): string =>
  `arn:aws:sns:${region}:${accountId}:${requiredText(inputs, "name")}`;

export const watching: Readonly<Record<string, InertType>> = {
  "aws:cloudwatch/logGroup:LogGroup": {
    service: "logs",
    calls: calls("CreateLogGroup", "DescribeLogGroups", "PutRetentionPolicy", "DeleteLogGroup"),
    id: given("name"),
    outputs: (id, _inputs, { region, accountId }) => ({
      arn: `arn:aws:logs:${region}:${accountId}:log-group:${id}`,
    }),
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    service: "cloudwatch",
    calls: calls("PutDashboard", "GetDashboard", "PutDashboard", "DeleteDashboards"),
    id: given("dashboardName"),
    // Dashboards belong to the account: their ARN has no Region.
    outputs: (id, _inputs, { accountId }) => ({
      dashboardArn: `arn:aws:cloudwatch::${accountId}:dashboard/${id}`,
    }),
  },
  "aws:sns/topic:Topic": {
    service: "other",
    calls: calls(
      "SNS.CreateTopic",
      "SNS.GetTopicAttributes",
      "SNS.SetTopicAttributes",
      "SNS.DeleteTopic",
    ),
    id: topicArn,
    outputs: (id, _inputs, { accountId }) => ({ arn: id, owner: accountId }),
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    service: "other",
    calls: calls(
      "SNS.Subscribe",
      "SNS.GetSubscriptionAttributes",
      "SNS.SetSubscriptionAttributes",
      "SNS.Unsubscribe",
    ),
    id: (inputs) => `${requiredText(inputs, "topic")}:${randomUUID()}`,
    outputs: (id) => ({ arn: id }),
  },
};
