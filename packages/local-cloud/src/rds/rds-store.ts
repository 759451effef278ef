import { PerRegion } from "../per-region.ts";
import { AwsError } from "../service.ts";
import { instanceNotFound } from "./errors.ts";
import type { DatabaseInstance } from "./instance.ts";
import { parseArn } from "./names.ts";
import type { ParameterGroup } from "./parameter-group.ts";
import type { Snapshot } from "./snapshot.ts";
import type { SubnetGroup } from "./subnet-group.ts";

interface RegionalDatabases {
  /** By identifier. */
  readonly instances: Map<string, DatabaseInstance>;
  readonly parameterGroups: Map<string, ParameterGroup>;
  readonly subnetGroups: Map<string, SubnetGroup>;
  readonly snapshots: Map<string, Snapshot>;
}

/** Everything that RDS keeps, by Region. */
export class RdsStore {
  readonly #regions = new PerRegion<RegionalDatabases>(() => ({
    instances: new Map(),
    parameterGroups: new Map(),
    subnetGroups: new Map(),
    snapshots: new Map(),
  }));

  in(region: string): RegionalDatabases {
    return this.#regions.in(region);
  }

  instances(): readonly DatabaseInstance[] {
    return this.#regions.all().flatMap((databases) => [...databases.instances.values()]);
  }

  /** By identifier or ARN of this Region. Throws `DBInstanceNotFound`. */
  instance(region: string, reference: string | undefined): DatabaseInstance {
    const arn = parseArn(reference ?? "");
    const identifier = (arn?.name ?? reference ?? "").toLowerCase();
    const found =
      arn === undefined || arn.region === region
        ? this.in(region).instances.get(identifier)
        : undefined;
    if (!found) throw instanceNotFound(identifier);
    return found;
  }

  replicasOf(source: DatabaseInstance): readonly DatabaseInstance[] {
    return this.instances().filter((instance) => instance.source === source);
  }

  has(instance: DatabaseInstance): boolean {
    return this.in(instance.region).instances.get(instance.identifier) === instance;
  }

  rename(instance: DatabaseInstance, identifier: string): void {
    const { instances } = this.in(instance.region);
    instances.delete(instance.identifier);
    instance.identifier = identifier;
    instances.set(identifier, instance);
  }

  /** Throws `DBParameterGroupNotFound`. */
  parameterGroup(region: string, name: string | undefined): ParameterGroup {
    const group = this.in(region).parameterGroups.get((name ?? "").toLowerCase());
    if (!group)
      throw new AwsError("DBParameterGroupNotFound", `DBParameterGroup not found: ${name}`, 404);
    return group;
  }

  /** Throws `DBSubnetGroupNotFoundFault`. */
  subnetGroup(region: string, name: string | undefined): SubnetGroup {
    const group = this.in(region).subnetGroups.get((name ?? "").toLowerCase());
    if (!group)
      throw new AwsError(
        "DBSubnetGroupNotFoundFault",
        `DB subnet group '${name}' does not exist.`,
        404,
      );
    return group;
  }
}
