import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { serviceTag } from "@standby/topology";
import { subnetCidrs } from "../cidr.ts";

/** Where databases and functions of a Region live: made here, or given. */
export interface NetworkPlace {
  readonly vpcId: pulumi.Input<string>;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly cidr: string;
  readonly peerCidr: string;
  /** Security groups of functions and databases where they are given; otherwise each makes its own. */
  readonly functionSecurityGroupIds?: readonly string[] | undefined;
  readonly databaseSecurityGroupIds?: readonly string[] | undefined;
}

/** The connection between both Regions' VPCs: one side asks, the other accepts. */
export type Peering =
  | { readonly kind: "request"; readonly peerVpcId: string; readonly peerRegion: string }
  | { readonly kind: "accept"; readonly peeringConnectionId: string };

export interface RegionalNetworkArgs {
  readonly region: string;
  readonly cidr: string;
  readonly peerCidr: string;
  /** Two or three. They are named and not asked for, so that a zone that fails does not change what is declared. */
  readonly availabilityZones: readonly string[];
  /** Whether functions reach this Region's S3. */
  readonly reachesObjectStore: boolean;
  /** Absent until the other side is known. */
  readonly peering?: Peering;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A VPC with private subnets and no way to the Internet. Secrets Manager is reached inside it, by this Region's own endpoint, and S3
 * where it is needed.
 */
export class RegionalNetwork extends pulumi.ComponentResource implements NetworkPlace {
  readonly vpcId: pulumi.Output<string>;
  readonly subnetIds: readonly pulumi.Output<string>[];
  readonly cidr: string;
  readonly peerCidr: string;
  readonly peeringConnectionId: pulumi.Output<string> | undefined;

  constructor(name: string, args: RegionalNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:network:RegionalNetwork", name, {}, opts);
    if (args.availabilityZones.length < 2)
      throw new pulumi.InputPropertyError({
        propertyPath: "availabilityZones",
        reason: "must name at least two: a DB subnet group spans two",
      });

    const { cidr, tags } = args;
    const vpc = new aws.ec2.Vpc(
      name,
      {
        cidrBlock: cidr,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: named(name, tags),
      },
      // Another block is another VPC, and everything in it made again.
      { parent: this, protect: true },
    );
    const routes = new aws.ec2.RouteTable(
      `${name}-routes`,
      { vpcId: vpc.id, tags: named(`${name}-routes`, tags) },
      { parent: this },
    );
    const subnets = this.subnets(name, args, vpc, routes);
    this.secretsManagerEndpoint(name, args, vpc, subnets);
    if (args.reachesObjectStore) this.objectStoreEndpoint(name, args, vpc, routes);

    this.vpcId = vpc.id;
    this.subnetIds = subnets.map((subnet) => subnet.id);
    this.cidr = cidr;
    this.peerCidr = args.peerCidr;
    this.peeringConnectionId = args.peering && this.peer(name, args, args.peering, vpc, routes);
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds });
  }

  private subnets(
    name: string,
    { availabilityZones, cidr, tags }: RegionalNetworkArgs,
    vpc: aws.ec2.Vpc,
    routes: aws.ec2.RouteTable,
  ): readonly aws.ec2.Subnet[] {
    const blocks = subnetCidrs(cidr, availabilityZones.length);
    return availabilityZones.map((availabilityZone, index) => {
      const subnetName = `${name}-private-${availabilityZone}`;
      const subnet = new aws.ec2.Subnet(
        subnetName,
        {
          vpcId: vpc.id,
          availabilityZone,
          cidrBlock: blocks[index] ?? cidr,
          tags: named(subnetName, tags),
        },
        { parent: this },
      );
      new aws.ec2.RouteTableAssociation(
        subnetName,
        { routeTableId: routes.id, subnetId: subnet.id },
        { parent: this },
      );
      return subnet;
    });
  }

  private secretsManagerEndpoint(
    name: string,
    { region, cidr, tags }: RegionalNetworkArgs,
    vpc: aws.ec2.Vpc,
    subnets: readonly aws.ec2.Subnet[],
  ): void {
    const endpointName = `${name}-secrets-manager`;
    const access = new aws.ec2.SecurityGroup(
      endpointName,
      { description: "Secrets Manager endpoint", vpcId: vpc.id, tags: named(endpointName, tags) },
      { parent: this },
    );
    new aws.vpc.SecurityGroupIngressRule(
      endpointName,
      {
        securityGroupId: access.id,
        description: "HTTPS from this VPC",
        cidrIpv4: cidr,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        tags,
      },
      { parent: this },
    );
    new aws.ec2.VpcEndpoint(
      endpointName,
      {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${region}.secretsmanager`,
        vpcEndpointType: "Interface",
        subnetIds: subnets.map((subnet) => subnet.id),
        securityGroupIds: [access.id],
        // The client's usual host name then means this endpoint; without it a call leaves for the Internet and hangs.
        privateDnsEnabled: true,
        tags: named(endpointName, tags),
      },
      { parent: this },
    );
  }

  /** A route of the table, without an address and without cost. */
  private objectStoreEndpoint(
    name: string,
    { region, tags }: RegionalNetworkArgs,
    vpc: aws.ec2.Vpc,
    routes: aws.ec2.RouteTable,
  ): void {
    const endpointName = `${name}-s3`;
    new aws.ec2.VpcEndpoint(
      endpointName,
      {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: [routes.id],
        tags: named(endpointName, tags),
      },
      { parent: this },
    );
  }

  /** The route may precede the acceptance: it leads nowhere until then. */
  private peer(
    name: string,
    { peerCidr, tags }: RegionalNetworkArgs,
    peering: Peering,
    vpc: aws.ec2.Vpc,
    routes: aws.ec2.RouteTable,
  ): pulumi.Output<string> {
    const peerName = `${name}-peer`;
    const connection =
      peering.kind === "request"
        ? new aws.ec2.VpcPeeringConnection(
            peerName,
            {
              vpcId: vpc.id,
              peerVpcId: peering.peerVpcId,
              peerRegion: peering.peerRegion,
              tags: named(peerName, tags),
            },
            { parent: this },
          ).id
        : new aws.ec2.VpcPeeringConnectionAccepter(
            peerName,
            {
              vpcPeeringConnectionId: peering.peeringConnectionId,
              autoAccept: true,
              tags: named(peerName, tags),
            },
            { parent: this },
          ).vpcPeeringConnectionId;
    new aws.ec2.Route(
      peerName,
      {
        routeTableId: routes.id,
        destinationCidrBlock: peerCidr,
        vpcPeeringConnectionId: connection,
      },
      { parent: this },
    );
    return connection;
  }
}

/** The console shows the tag Name instead of an id. */
const named = (
  name: string,
  tags: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => ({
  ...tags,
  Name: [tags[serviceTag], name].filter((part) => part !== undefined).join("-"),
});
