import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RegionalDatabase } from "./regional-database.ts";

/** Whose address the record holds. */
export type DatabaseRecordTarget =
  /** The primary Region's database, known from its stack. */
  | { readonly kind: "primary"; readonly address: string }
  /** This Region's replica, which stays one. */
  | { readonly kind: "readOnly"; readonly database: RegionalDatabase }
  /** This Region's database, once it is proved to be standalone. */
  | { readonly kind: "writable"; readonly database: RegionalDatabase };

export interface DatabaseRecordArgs {
  readonly zoneId: string;
  /** The name that applications connect to. */
  readonly hostName: string;
  readonly ttlSeconds: number;
  readonly target: DatabaseRecordTarget;
}

/**
 * The CNAME in front of both Regions' databases. One stack owns it for good and only ever changes its value: a record that is deleted
 * and made again is absent in between, and resolvers remember an absence longer than an address.
 */
export class DatabaseRecord extends pulumi.ComponentResource {
  readonly hostName: pulumi.Output<string>;
  /** What the record holds: unknown, and not the wish, when the update of the record failed. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: DatabaseRecordArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:dns:DatabaseRecord", name, {}, opts);
    if (!Number.isInteger(args.ttlSeconds) || args.ttlSeconds < 1)
      throw new pulumi.InputPropertyError({
        propertyPath: "ttlSeconds",
        reason: "must be a whole number from 1",
      });

    const record = new aws.route53.Record(
      name,
      {
        zoneId: args.zoneId,
        name: args.hostName,
        type: "CNAME",
        ttl: args.ttlSeconds,
        records: [this.addressOf(args.target)],
      },
      {
        parent: this,
        protect: true,
        dependsOn: args.target.kind === "writable" ? [args.target.database.instance] : [],
      },
    );

    this.hostName = record.name;
    this.address = record.records.apply((records) => records?.[0] ?? "");
    this.registerOutputs({ hostName: this.hostName, address: this.address });
  }

  private addressOf(target: DatabaseRecordTarget): pulumi.Input<string> {
    switch (target.kind) {
      case "primary":
        return target.address;
      case "readOnly":
        return target.database.address;
      case "writable":
        return this.writableAddress(target.database);
    }
  }

  /**
   * Asked again after the database's update. A promotion that failed leaves a state which looks promoted, so that the next update
   * finds nothing to do and succeeds: only the database itself knows.
   */
  private writableAddress(database: RegionalDatabase): pulumi.Output<string> {
    const now = aws.rds.getInstanceOutput(
      { dbInstanceIdentifier: database.identifier },
      { parent: this, dependsOn: [database.instance] },
    );
    return pulumi
      .all([database.address, database.instance.urn, now.replicateSourceDb])
      .apply(([address, urn, source]) => {
        // A preview asks before the promotion, when the source is still there.
        if (source && !pulumi.runtime.isDryRun()) throw stillReplica(urn);
        return address;
      });
  }
}

/** Refreshes the one resource: a refresh of all would ask for the primary stack's state too, which may be lost. */
function stillReplica(urn: pulumi.URN): pulumi.RunError {
  const stack = pulumi.getStack();
  return new pulumi.RunError(
    [
      "the CNAME was not moved, because the database is still a read replica: its promotion did not happen, although the state says so.",
      `  next: pulumi refresh -s ${stack} --yes --target '${urn}' && pulumi up -s ${stack}`,
    ].join("\n"),
  );
}
