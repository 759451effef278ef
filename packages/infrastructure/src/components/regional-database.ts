import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  type DatabaseOutput,
  databaseIdentifier,
  originTag,
  promotionRequested,
  promotionTag,
} from "@standby/topology";
import type { ReplicaLink, Writes } from "../generations.ts";
import type { DatabasePlace } from "./database-place.ts";

/** How the database came to be, which never changes. */
type DatabaseOrigin =
  | {
      readonly kind: "created";
      readonly engineVersion: string;
      readonly allocatedStorageGiB: number;
      readonly databaseName: string;
      readonly username: string;
      /** Needed once: afterwards the password belongs to the secret and its rotation. */
      readonly password?: pulumi.Input<string>;
    }
  | {
      readonly kind: "replica";
      /** ARN of the database in the other Region that it was born as a replica of. */
      readonly sourceArn: string;
      readonly link: ReplicaLink;
    };

export interface RegionalDatabaseArgs {
  readonly service: string;
  /** Part of the identifier, of the parameter group and of the final snapshot. */
  readonly generation: number;
  readonly origin: DatabaseOrigin;
  /** A later generation took its place: nothing of it changes any more. */
  readonly retired: boolean;
  /** Its stack was told to promote it. */
  readonly promotionRequested: boolean;
  readonly writes: Writes;
  readonly instanceClass: string;
  /** Such as `8.4`, or `8.4.5`: the parameter group's family. */
  readonly engineVersion: string;
  readonly backupRetentionDays: number;
  /** KMS key of this Region. */
  readonly keyArn: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Networks, by purpose, that may reach MySQL's port. Security groups do not cross Regions, blocks do. */
  readonly clientCidrs: Readonly<Record<string, string>>;
  /** Security groups that let the clients in, instead of one made here. */
  readonly securityGroupIds?: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export const mysqlPort = 3306;

/**
 * One generation of a Region's database: the instance, its parameter group, its place in the network. A replica becomes a standalone
 * database by losing `replicateSourceDb` and nothing else.
 */
export class RegionalDatabase extends pulumi.ComponentResource implements DatabasePlace {
  readonly identifier: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
  readonly output: pulumi.Output<DatabaseOutput>;
  readonly instance: aws.rds.Instance;

  constructor(name: string, args: RegionalDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:database:RegionalDatabase", name, {}, opts);
    if (!Number.isInteger(args.generation) || args.generation < 1)
      throw new pulumi.InputPropertyError({
        propertyPath: "generation",
        reason: "must be a whole number from 1",
      });

    const subnets = new aws.rds.SubnetGroup(
      `${name}-subnets`,
      { description: databaseIdentifierOf(args), subnetIds: [...args.subnetIds], tags: args.tags },
      { parent: this },
    );
    const parameters = this.parameterGroup(name, args);
    const securityGroupIds = args.securityGroupIds ?? [this.access(name, args).id];
    this.instance = new aws.rds.Instance(
      name,
      {
        ...instanceInputs(args),
        ...originInputs(args.origin),
        dbSubnetGroupName: subnets.name,
        parameterGroupName: parameters.name,
        vpcSecurityGroupIds: [...securityGroupIds],
      },
      {
        parent: this,
        protect: true,
        ignoreChanges: ignoredChanges(args),
        // Copying a large database across Regions takes hours, and a time-out leaves a replica that the state believes failed.
        customTimeouts: { create: "24h" },
      },
    );

    const { identifier, arn, address, port } = this.instance;
    this.identifier = identifier;
    this.address = address;
    this.output = pulumi.output({ identifier, arn, address, port });
    this.registerOutputs({
      identifier: this.identifier,
      address: this.address,
      output: this.output,
    });
  }

  /**
   * Its own for every generation: fencing one by its parameters must not touch another. The name is left to Pulumi, because a group
   * with a chosen name would be deleted before its successor is made, and one in use cannot be.
   */
  private parameterGroup(name: string, args: RegionalDatabaseArgs): aws.rds.ParameterGroup {
    const [major, minor] = args.engineVersion.split(".");
    return new aws.rds.ParameterGroup(
      `${name}-parameters`,
      {
        family: `mysql${major}.${minor}`,
        description: databaseIdentifierOf(args),
        // Static ones wait for a restart, which a new instance has before its first client.
        parameters: [
          { name: "binlog_format", value: "ROW", applyMethod: "immediate" },
          { name: "enforce_gtid_consistency", value: "ON", applyMethod: "pending-reboot" },
          { name: "gtid-mode", value: "ON", applyMethod: "pending-reboot" },
          {
            name: "read_only",
            // The master user is fenced too. Never 0, which would open a replica.
            value: args.writes === "refused" ? "1" : "{TrueIfReplica}",
            applyMethod: "immediate",
          },
          { name: "require_secure_transport", value: "1", applyMethod: "immediate" },
        ],
        tags: args.tags,
      },
      { parent: this, ignoreChanges: ignoredGroupChanges(args) },
    );
  }

  /**
   * With its rules in it: a rule of its own that a killed engine has made without knowing its id would be refused as a duplicate ever
   * after (InvalidPermission.Duplicate), and a whole group is made anew under another name.
   */
  private access(name: string, args: RegionalDatabaseArgs): aws.ec2.SecurityGroup {
    return new aws.ec2.SecurityGroup(
      `${name}-access`,
      {
        description: databaseIdentifierOf(args),
        vpcId: args.vpcId,
        ingress: Object.entries(args.clientCidrs).map(([purpose, cidr]) => ({
          description: `MySQL from ${purpose}`,
          cidrBlocks: [cidr],
          protocol: "tcp",
          fromPort: mysqlPort,
          toPort: mysqlPort,
        })),
        tags: args.tags,
      },
      { parent: this },
    );
  }
}

const databaseIdentifierOf = ({ service, generation }: RegionalDatabaseArgs): string =>
  databaseIdentifier(service, generation);

/** The same in every role, so that a promotion has one difference. */
function instanceInputs(args: RegionalDatabaseArgs) {
  const identifier = databaseIdentifierOf(args);
  const { origin } = args;
  return {
    identifier,
    instanceClass: args.instanceClass,
    storageType: "gp3",
    // Stated for replicas too, although AWS decides it there: left out, the provider plans a replacement of the encrypted instance.
    storageEncrypted: true,
    kmsKeyId: args.keyArn,
    // Also on a replica from its first day: a promotion passes it on, and 0 would leave the new writer without backups and replicas.
    backupRetentionPeriod: args.backupRetentionDays,
    autoMinorVersionUpgrade: false,
    copyTagsToSnapshot: true,
    caCertIdentifier: "rds-ca-rsa2048-g1",
    publiclyAccessible: false,
    applyImmediately: true,
    deletionProtection: true,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: `${identifier}-final`,
    tags: {
      ...args.tags,
      [originTag]: origin.kind === "created" ? "created" : origin.sourceArn,
      // The provider writes tags before it promotes: an update that is killed in between leaves its intention on the instance.
      ...(args.promotionRequested ? { [promotionTag]: promotionRequested } : {}),
    },
  };
}

/** A replica takes engine, storage, users and data from its source; naming one of them, in any role, would replace it or be refused. */
function originInputs(origin: DatabaseOrigin) {
  if (origin.kind === "replica")
    return origin.link === "replicate" ? { replicateSourceDb: origin.sourceArn } : {};
  return {
    engine: "mysql",
    engineVersion: origin.engineVersion,
    allocatedStorage: origin.allocatedStorageGiB,
    dbName: origin.databaseName,
    username: origin.username,
    port: mysqlPort,
    ...(origin.password === undefined ? {} : { password: origin.password }),
  };
}

function ignoredChanges({ origin, retired }: RegionalDatabaseArgs): string[] {
  if (retired) return ["*"];
  if (origin.kind === "created") return ["password"];
  // Its source changes once, when it is promoted. Until then and after it, cloud and state may differ (somebody else promoted it, a
  // promotion failed, the source was renamed), and RDS refuses to give an instance another source.
  return origin.link === "promote" ? [] : ["replicateSourceDb"];
}

/** A retired generation is fenced and otherwise let be: another family would replace the group that its instance goes on using. */
function ignoredGroupChanges({ retired, writes }: RegionalDatabaseArgs): string[] {
  if (retired) return ["family", "description", "tags"];
  return writes === "kept" ? ["parameters"] : [];
}
