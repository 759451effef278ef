import type { Background } from "../background.ts";
import type { Dials } from "../dials.ts";
import type { KeyUse } from "../kms/key-store.ts";
import { keyProblem } from "./encryption.ts";
import type { Replica, Secret } from "./secret.ts";
import type { SecretStore } from "./secret-store.ts";

export interface ReplicatorOptions {
  readonly store: SecretStore;
  readonly keys: KeyUse;
  readonly background: Background;
  readonly dials: Dials;
}

const regionalArn = (arn: string, region: string): string =>
  arn.split(":").with(3, region).join(":");

/** The state of a copy is its primary's at the moment of copying, under the replica Region's own key. */
const copyOf = (primary: Secret, replica: Replica, earlier: Secret | undefined): Secret => ({
  region: replica.region,
  name: primary.name,
  arn: regionalArn(primary.arn, replica.region),
  createdAt: earlier?.createdAt ?? new Date(),
  description: primary.description,
  tags: new Map(primary.tags),
  versions: new Map(
    [...primary.versions].map(([id, version]) => [
      id,
      { ...version, stages: new Set(version.stages) },
    ]),
  ),
  replicas: new Map(),
  kmsKeyId: earlier?.kmsKeyId ?? replica.kmsKeyId,
  policy: primary.policy,
  changedAt: new Date(),
  accessedAt: earlier?.accessedAt,
  deletedAt: undefined,
  primaryRegion: primary.region,
  rotation: undefined,
});

/**
 * Copies primary secrets to their replica Regions, after a lag. Nothing is copied while one of the two Regions is lost: a change
 * made just before the loss stays behind until both are back.
 */
export class Replicator {
  readonly #options: ReplicatorOptions;
  /** Primary ARN and Region of copies that are under way: they take what the primary has when they arrive. */
  readonly #underWay = new Set<string>();

  constructor(options: ReplicatorOptions) {
    this.#options = options;
  }

  /** Call after every change of a primary secret. */
  changed(primary: Secret): void {
    for (const replica of primary.replicas.values()) {
      replica.status = "InProgress";
      delete replica.message;
      this.#start(primary, replica.region);
    }
  }

  /** Deletes a copy: at once, without a recovery window, or when its Region is back. */
  remove(primary: Secret, region: string): void {
    primary.replicas.delete(region);
    const { background, store } = this.#options;
    const removeCopy = () => {
      const copy = store.in(region).get(primary.name);
      if (copy && this.#isCopyOf(primary, copy) && !primary.replicas.has(region))
        store.in(region).delete(primary.name);
    };
    if (background.isReachable(region)) removeCopy();
    else
      background.start(async () => {
        await background.untilReachable(region);
        removeCopy();
      });
  }

  /** The copy has become a secret of its own; its primary learns of it when it can be reached. */
  promoted(copy: Secret, primaryRegion: string): void {
    const primary = this.#options.store.in(primaryRegion).get(copy.name);
    if (primary) this.#start(primary, copy.region);
  }

  #start(primary: Secret, region: string): void {
    const key = `${primary.arn} ${region}`;
    if (this.#underWay.has(key)) return;
    this.#underWay.add(key);
    const { background, dials } = this.#options;
    background.start(async () => {
      try {
        do {
          await background.untilReachable(primary.region, region);
          await background.sleep(dials.secretReplicationSeconds);
        } while (!background.isReachable(primary.region) || !background.isReachable(region));
      } finally {
        this.#underWay.delete(key);
      }
      this.#copy(primary, region);
    });
  }

  #copy(primary: Secret, region: string): void {
    const { store } = this.#options;
    const replica = primary.replicas.get(region);
    if (!replica || store.in(primary.region).get(primary.name) !== primary) return;
    const existing = store.in(region).get(primary.name);
    const isStranger = existing !== undefined && !this.#isCopyOf(primary, existing);
    if (isStranger && replica.isEstablished) {
      primary.replicas.delete(region);
      return;
    }
    const problem = this.#problem(primary, replica, isStranger);
    if (problem !== undefined) {
      // What was copied before stays readable, and stale.
      replica.status = "Failed";
      replica.message = `Replication failed: ${problem}`;
      return;
    }
    store.in(region).set(primary.name, copyOf(primary, replica, isStranger ? undefined : existing));
    replica.status = "InSync";
    replica.message = "Replication succeeded";
    replica.isEstablished = true;
  }

  #problem(primary: Secret, replica: Replica, isStranger: boolean): string | undefined {
    if (isStranger && !replica.overwrite)
      return `Secret with this name already exists in region ${replica.region}.`;
    const { keys } = this.#options;
    return (
      keyProblem(keys, primary.region, primary.kmsKeyId) ??
      keyProblem(keys, replica.region, replica.kmsKeyId)
    );
  }

  #isCopyOf(primary: Secret, secret: Secret): boolean {
    return (
      secret.primaryRegion === primary.region &&
      secret.arn === regionalArn(primary.arn, secret.region)
    );
  }
}
