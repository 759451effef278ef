import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DatabasePlace } from "./database-place.ts";
import { recordTimeouts } from "./record-timeouts.ts";
import type { WritableDatabase } from "./writable-database.ts";

/** Whose address the record holds. */
export type DatabaseRecordTarget =
  /** What it holds: somebody else made the record, and it is taken over before anything of it changes. */
  | { readonly kind: "takenOver"; readonly address: string; readonly ttlSeconds: number }
  /** The primary Region's database, known from its stack. */
  | { readonly kind: "primary"; readonly address: string }
  /** The same, after the update that fences this Region's database. */
  | { readonly kind: "return"; readonly address: string; readonly fenced: DatabasePlace }
  /** What it holds already; the address is for a record that does not exist yet. */
  | { readonly kind: "kept"; readonly address: string }
  /** This Region's replica, which stays one. */
  | { readonly kind: "readOnly"; readonly database: DatabasePlace }
  /** This Region's database, proved to be standalone. */
  | { readonly kind: "writable"; readonly database: WritableDatabase };

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

    const { target } = args;
    const record = new aws.route53.Record(
      name,
      {
        zoneId: args.zoneId,
        name: args.hostName,
        type: "CNAME",
        ttl: "ttlSeconds" in target ? target.ttlSeconds : args.ttlSeconds,
        records: ["address" in target ? target.address : target.database.address],
      },
      {
        parent: this,
        protect: true,
        customTimeouts: recordTimeouts,
        dependsOn: dependencies(target),
        ignoreChanges: target.kind === "kept" ? ["records"] : [],
        ...(target.kind === "takenOver" ? { import: `${args.zoneId}_${args.hostName}_CNAME` } : {}),
      },
    );

    this.hostName = record.name;
    this.address = record.records.apply((records) => records?.[0] ?? "");
    this.registerOutputs({ hostName: this.hostName, address: this.address });
  }
}

function dependencies(target: DatabaseRecordTarget) {
  const waitsFor =
    target.kind === "writable"
      ? target.database
      : target.kind === "return"
        ? target.fenced
        : undefined;
  return waitsFor?.instance ? [waitsFor.instance] : [];
}
