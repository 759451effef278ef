import { type PropertyMap, requiredText, text } from "../property-values.ts";
import { calls, generated, given, type InertScope, type InertType } from "./inert-type.ts";

const ec2Arn = (kind: string, id: string, { region, accountId }: InertScope): string =>
  `arn:aws:ec2:${region}:${accountId}:${kind}/${id}`;

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

export const network: Readonly<Record<string, InertType>> = {
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
