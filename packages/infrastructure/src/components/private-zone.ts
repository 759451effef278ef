import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface PrivateZoneArgs {
  readonly zoneName: string;
  /** The VPC that the zone is made with; other Regions associate their own. */
  readonly vpcId: pulumi.Input<string>;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** How long a resolver may remember that a name does not exist. Route 53 begins with a day, cut to 15 minutes by the SOA's own TTL. */
const negativeCachingSeconds = 60;

/** The private hosted zone of the CNAME. */
export class PrivateZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;

  constructor(name: string, args: PrivateZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:dns:PrivateZone", name, {}, opts);

    const zone = new aws.route53.Zone(
      name,
      {
        name: args.zoneName,
        comment: "Names of the databases of both Regions",
        vpcs: [{ vpcId: args.vpcId, vpcRegion: args.region }],
        tags: args.tags,
      },
      {
        parent: this,
        protect: true,
        // The recovery Region associates its VPC itself; without this a refresh would read that as a VPC to remove.
        ignoreChanges: ["vpcs"],
      },
    );
    new aws.route53.Record(
      `${name}-soa`,
      {
        zoneId: zone.zoneId,
        name: args.zoneName,
        type: "SOA",
        ttl: negativeCachingSeconds,
        records: [zone.primaryNameServer.apply(startOfAuthority)],
        // Route 53 makes one with the zone, which is taken over.
        allowOverwrite: true,
      },
      // A zone's SOA cannot be deleted: it goes with the zone.
      { parent: this, protect: true, retainOnDelete: true },
    );

    this.zoneId = zone.zoneId;
    this.registerOutputs({ zoneId: this.zoneId });
  }
}

/** Route 53's own values, but for the last number. */
const startOfAuthority = (nameServer: string): string =>
  `${nameServer.replace(/\.$/, "")}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 ${negativeCachingSeconds}`;
