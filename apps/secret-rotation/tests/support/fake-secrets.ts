import type { SecretState, SecretStore, Selector } from "../../src/secret-store.ts";
import type { OutsideCalls } from "./outside-calls.ts";

interface Version {
  text: string | undefined;
  readonly stages: Set<string>;
}

/** Secrets Manager's labels: one version each, AWSPREVIOUS follows AWSCURRENT. */
export class FakeSecrets implements SecretStore {
  readonly versions = new Map<string, Map<string, Version>>();
  primaryRegion: string | undefined;
  isDeleted = false;
  /** What the replication status says at one look after the other; the last one stays. */
  copyStatuses: string[] = ["InSync"];
  readonly #calls: OutsideCalls;

  constructor(calls: OutsideCalls) {
    this.#calls = calls;
  }

  /** As Secrets Manager begins a rotation: a version without a value. */
  begin(secretArn: string, versionId: string): void {
    this.#add(secretArn, versionId, undefined, "AWSPENDING");
  }

  store(secretArn: string, versionId: string, value: object): void {
    this.#add(secretArn, versionId, JSON.stringify(value), "AWSCURRENT");
  }

  value(secretArn: string, stage: string): Record<string, unknown> | undefined {
    const [, version] = this.#find(secretArn, { stage }) ?? [];
    return version?.text === undefined ? undefined : JSON.parse(version.text);
  }

  describe(secretArn: string): Promise<SecretState> {
    return this.#calls.pass("DescribeSecret", () => ({
      isDeleted: this.isDeleted,
      primaryRegion: this.primaryRegion,
      stages: Object.fromEntries(
        [...this.#of(secretArn)].map(([id, { stages }]) => [id, [...stages]]),
      ),
      copies: [
        {
          region: "us-west-2",
          status:
            (this.copyStatuses.length > 1 ? this.copyStatuses.shift() : this.copyStatuses[0]) ?? "",
        },
      ],
    }));
  }

  read(secretArn: string, selector: Selector) {
    return this.#calls.pass("GetSecretValue", () => {
      const [versionId, version] = this.#find(secretArn, selector) ?? [];
      return versionId === undefined || version?.text === undefined
        ? undefined
        : { versionId, text: version.text };
    });
  }

  put(secretArn: string, versionId: string, text: string, stage: string): Promise<void> {
    return this.#calls.pass("PutSecretValue", () => {
      const existing = this.#of(secretArn).get(versionId);
      if (existing?.text !== undefined && existing.text !== text)
        throw Object.assign(new Error("in use"), { name: "ResourceExistsException" });
      this.#add(secretArn, versionId, text, stage);
    });
  }

  makeCurrent(secretArn: string, versionId: string, instead: string | undefined): Promise<void> {
    return this.#calls.pass("UpdateSecretVersionStage", () => {
      if (this.#find(secretArn, { stage: "AWSCURRENT" })?.[0] !== instead)
        throw Object.assign(new Error("not there"), { name: "InvalidParameterException" });
      this.#move(secretArn, versionId, "AWSCURRENT");
    });
  }

  removePending(secretArn: string, versionId: string): Promise<void> {
    return this.#calls.pass("UpdateSecretVersionStage", () => {
      this.#of(secretArn).get(versionId)?.stages.delete("AWSPENDING");
    });
  }

  #of(secretArn: string): Map<string, Version> {
    const found = this.versions.get(secretArn) ?? new Map<string, Version>();
    this.versions.set(secretArn, found);
    return found;
  }

  #find(secretArn: string, selector: Selector): readonly [string, Version] | undefined {
    return [...this.#of(secretArn)].find(([id, { stages }]) =>
      "id" in selector ? id === selector.id : stages.has(selector.stage),
    );
  }

  #add(secretArn: string, versionId: string, text: string | undefined, stage: string): void {
    const version = this.#of(secretArn).get(versionId) ?? { text, stages: new Set<string>() };
    version.text = text;
    this.#of(secretArn).set(versionId, version);
    this.#move(secretArn, versionId, stage);
  }

  #move(secretArn: string, versionId: string, stage: string): void {
    const from = this.#find(secretArn, { stage });
    if (from?.[0] === versionId) return;
    from?.[1].stages.delete(stage);
    const to = this.#of(secretArn).get(versionId);
    to?.stages.add(stage);
    if (stage !== "AWSCURRENT") return;
    to?.stages.delete("AWSPREVIOUS");
    if (from) this.#move(secretArn, from[0], "AWSPREVIOUS");
  }
}
