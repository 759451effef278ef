import { randomBytes, randomUUID } from "node:crypto";
import type { ServiceName } from "../outages.ts";
import { globalServicesRegion } from "./aws-clients.ts";
import { type PropertyMap, requiredText, text } from "./property-values.ts";

export interface InertScope {
  readonly region: string;
  readonly accountId: string;
}

/** A type of which only the state matters: its API calls reach their Region and are logged, and nothing comes of them. */
export interface InertType {
  readonly service: ServiceName;
  /** Undefined: the resource's own Region. */
  readonly callRegion?: string;
  readonly calls: {
    readonly create: readonly string[];
    readonly read: readonly string[];
    readonly update: readonly string[];
    readonly delete: readonly string[];
  };
  readonly id: (inputs: PropertyMap, scope: InertScope) => string;
  /** Outputs that AWS would make up. */
  readonly outputs?: (id: string, inputs: PropertyMap, scope: InertScope) => PropertyMap;
}

const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
const generated = (prefix: string) => () => `${prefix}-${hex(9).slice(0, 17)}`;
const given = (property: string) => (inputs: PropertyMap) => requiredText(inputs, property);
const ec2Arn = (kind: string, id: string, { region, accountId }: InertScope): string =>
  `arn:aws:ec2:${region}:${accountId}:${kind}/${id}`;

const calls = (
  create: string,
  read: string,
  update: string,
  remove: string,
): InertType["calls"] => {
  const list = (names: string) => (names === "" ? [] : names.split(" "));
  return { create: list(create), read: list(read), update: list(update), delete: list(remove) };
};

const ec2 = (
  prefix: string,
  names: InertType["calls"],
  outputs?: InertType["outputs"],
): InertType => ({
  service: "ec2",
  calls: names,
  id: generated(prefix),
  ...(outputs ? { outputs } : {}),
});

const iam = (
  names: InertType["calls"],
  id: InertType["id"],
  outputs?: InertType["outputs"],
): InertType => ({
  service: "iam",
  callRegion: globalServicesRegion,
  calls: names,
  id,
  ...(outputs ? { outputs } : {}),
});

const zoneLetter = (inputs: PropertyMap, { region }: InertScope): string =>
  text(inputs, "availabilityZone") ?? `${region}a`;

const route = (inputs: PropertyMap): string => {
  const destination =
    text(inputs, "destinationCidrBlock") ?? text(inputs, "destinationIpv6CidrBlock") ?? "";
  return `r-${requiredText(inputs, "routeTableId")}${Buffer.from(destination).toString("hex")}`;
};

const securityGroupRule = (direction: "Ingress" | "Egress"): InertType =>
  ec2(
    "sgr",
    calls(
      `AuthorizeSecurityGroup${direction}`,
      "DescribeSecurityGroupRules",
      "ModifySecurityGroupRules",
      `RevokeSecurityGroup${direction}`,
    ),
    (id, _inputs, scope) => ({
      arn: ec2Arn("security-group-rule", id, scope),
      securityGroupRuleId: id,
    }),
  );

const network: Readonly<Record<string, InertType>> = {
  "aws:ec2/vpc:Vpc": ec2(
    "vpc",
    calls("CreateVpc", "DescribeVpcs", "ModifyVpcAttribute", "DeleteVpc"),
    (id, _inputs, scope) => ({
      arn: ec2Arn("vpc", id, scope),
      ownerId: scope.accountId,
      defaultNetworkAclId: generated("acl")(),
      defaultRouteTableId: generated("rtb")(),
      defaultSecurityGroupId: generated("sg")(),
      mainRouteTableId: generated("rtb")(),
      dhcpOptionsId: generated("dopt")(),
      enableDnsSupport: true,
    }),
  ),
  "aws:ec2/subnet:Subnet": ec2(
    "subnet",
    calls("CreateSubnet", "DescribeSubnets", "ModifySubnetAttribute", "DeleteSubnet"),
    (id, inputs, scope) => ({
      arn: ec2Arn("subnet", id, scope),
      ownerId: scope.accountId,
      availabilityZone: zoneLetter(inputs, scope),
    }),
  ),
  "aws:ec2/securityGroup:SecurityGroup": ec2(
    "sg",
    calls(
      "CreateSecurityGroup RevokeSecurityGroupEgress",
      "DescribeSecurityGroups",
      "",
      "DeleteSecurityGroup",
    ),
    (id, _inputs, scope) => ({
      arn: ec2Arn("security-group", id, scope),
      ownerId: scope.accountId,
    }),
  ),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule("Ingress"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule("Egress"),
  "aws:ec2/routeTable:RouteTable": ec2(
    "rtb",
    calls("CreateRouteTable", "DescribeRouteTables", "CreateRoute", "DeleteRouteTable"),
    (id, _inputs, scope) => ({
      arn: ec2Arn("route-table", id, scope),
      ownerId: scope.accountId,
    }),
  ),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ec2(
    "rtbassoc",
    calls(
      "AssociateRouteTable",
      "DescribeRouteTables",
      "ReplaceRouteTableAssociation",
      "DisassociateRouteTable",
    ),
  ),
  "aws:ec2/route:Route": {
    service: "ec2",
    calls: calls("CreateRoute", "DescribeRouteTables", "ReplaceRoute", "DeleteRoute"),
    id: route,
    outputs: () => ({ origin: "CreateRoute", state: "active" }),
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2(
    "vpce",
    calls("CreateVpcEndpoint", "DescribeVpcEndpoints", "ModifyVpcEndpoint", "DeleteVpcEndpoints"),
    (id, inputs, scope) => ({
      arn: ec2Arn("vpc-endpoint", id, scope),
      ownerId: scope.accountId,
      state: "available",
      dnsEntries: [{ dnsName: `${id}.${text(inputs, "serviceName") ?? ""}`, hostedZoneId: "" }],
    }),
  ),
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": ec2(
    "pcx",
    calls(
      "CreateVpcPeeringConnection",
      "DescribeVpcPeeringConnections",
      "ModifyVpcPeeringConnectionOptions",
      "DeleteVpcPeeringConnection",
    ),
    (_id, inputs, scope) => ({
      acceptStatus: "pending-acceptance",
      peerOwnerId: text(inputs, "peerOwnerId") ?? scope.accountId,
      peerRegion: text(inputs, "peerRegion") ?? scope.region,
    }),
  ),
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": {
    service: "ec2",
    calls: calls(
      "DescribeVpcPeeringConnections AcceptVpcPeeringConnection",
      "DescribeVpcPeeringConnections",
      "ModifyVpcPeeringConnectionOptions",
      "",
    ),
    id: given("vpcPeeringConnectionId"),
    outputs: () => ({ acceptStatus: "active" }),
  },
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": {
    service: "ec2",
    calls: calls(
      "DescribeVpcPeeringConnections ModifyVpcPeeringConnectionOptions",
      "DescribeVpcPeeringConnections",
      "ModifyVpcPeeringConnectionOptions",
      "",
    ),
    id: given("vpcPeeringConnectionId"),
  },
};

const access: Readonly<Record<string, InertType>> = {
  "aws:iam/role:Role": iam(
    calls("CreateRole", "GetRole", "UpdateAssumeRolePolicy", "DeleteRole"),
    given("name"),
    (id, inputs, { accountId }) => ({
      arn: `arn:aws:iam::${accountId}:role${text(inputs, "path") ?? "/"}${id}`,
      uniqueId: `AROA${hex(9).toUpperCase().slice(0, 17)}`,
      createDate: new Date().toISOString(),
    }),
  ),
  "aws:iam/rolePolicy:RolePolicy": iam(
    calls("PutRolePolicy", "GetRolePolicy", "PutRolePolicy", "DeleteRolePolicy"),
    (inputs) => `${requiredText(inputs, "role")}:${requiredText(inputs, "name")}`,
  ),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": iam(
    calls("AttachRolePolicy", "ListAttachedRolePolicies", "", "DetachRolePolicy"),
    (inputs) => `${requiredText(inputs, "role")}/${requiredText(inputs, "policyArn")}`,
  ),
  "aws:lambda/permission:Permission": {
    service: "lambda",
    calls: calls("AddPermission", "GetPolicy", "", "RemovePermission"),
    id: given("statementId"),
  },
};

const topicArn = (inputs: PropertyMap, { region, accountId }: InertScope): string =>
  `arn:aws:sns:${region}:${accountId}:${requiredText(inputs, "name")}`;

const watching: Readonly<Record<string, InertType>> = {
  "aws:cloudwatch/logGroup:LogGroup": {
    service: "logs",
    calls: calls("CreateLogGroup", "DescribeLogGroups", "PutRetentionPolicy", "DeleteLogGroup"),
    id: given("name"),
    outputs: (id, _inputs, { region, accountId }) => ({
      arn: `arn:aws:logs:${region}:${accountId}:log-group:${id}`,
    }),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    service: "cloudwatch",
    calls: calls("PutMetricAlarm", "DescribeAlarms", "PutMetricAlarm", "DeleteAlarms"),
    id: given("name"),
    outputs: (id, _inputs, { region, accountId }) => ({
      arn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${id}`,
    }),
  },
  "aws:cloudwatch/eventRule:EventRule": {
    service: "other",
    calls: calls(
      "EventBridge.PutRule",
      "EventBridge.DescribeRule",
      "EventBridge.PutRule",
      "EventBridge.DeleteRule",
    ),
    id: given("name"),
    outputs: (id, _inputs, { region, accountId }) => ({
      arn: `arn:aws:events:${region}:${accountId}:rule/${id}`,
      eventBusName: "default",
    }),
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    service: "other",
    calls: calls(
      "EventBridge.PutTargets",
      "EventBridge.ListTargetsByRule",
      "EventBridge.PutTargets",
      "EventBridge.RemoveTargets",
    ),
    id: (inputs) => `${requiredText(inputs, "rule")}-${requiredText(inputs, "targetId")}`,
    outputs: () => ({ eventBusName: "default" }),
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

export const inertCatalogue: Readonly<Record<string, InertType>> = {
  ...network,
  ...access,
  ...watching,
};
