import { randomUUID } from "node:crypto";
import { PerRegion } from "../per-region.ts";
import { AwsError } from "../service.ts";
import type { TagMap } from "../tag-map.ts";

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly region: string;
  readonly manager: "AWS" | "CUSTOMER";
  readonly createdAt: Date;
  description: string;
  policy: string;
  state: "Enabled" | "Disabled" | "PendingDeletion";
  deletionDate?: Date;
  rotationPeriodDays?: number;
  readonly tags: TagMap;
}

/** What other services ask of KMS: may data be encrypted with this key here? */
export interface KeyUse {
  /**
   * The ARN of a key of this Region that is enabled.
   *
   * @throws {AwsError} of KMS, for a missing, disabled or dying key
   */
  usableKeyArn(region: string, keyId: string): string;
}

interface RegionalKeys {
  readonly keys: Map<string, Key>;
  /** Alias name to key id. */
  readonly aliases: Map<string, string>;
}

export const defaultKeyPolicy = (accountId: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });

const notFound = (what: string): AwsError =>
  new AwsError("NotFoundException", `${what} is not found.`);

/** Keys and aliases of every Region. */
export class KeyStore implements KeyUse {
  readonly #regions = new PerRegion<RegionalKeys>(() => ({ keys: new Map(), aliases: new Map() }));
  readonly #accountId: string;

  constructor(accountId: string) {
    this.#accountId = accountId;
  }

  create(region: string, key: Pick<Key, "manager" | "description" | "policy" | "tags">): Key {
    const id = randomUUID();
    const created: Key = {
      ...key,
      id,
      arn: `arn:aws:kms:${region}:${this.#accountId}:key/${id}`,
      region,
      createdAt: new Date(),
      state: "Enabled",
    };
    this.in(region).keys.set(id, created);
    return created;
  }

  in(region: string): RegionalKeys {
    return this.#regions.in(region);
  }

  aliasArn(region: string, alias: string): string {
    return `arn:aws:kms:${region}:${this.#accountId}:${alias}`;
  }

  /** By key id, key ARN, alias name or alias ARN. A key of another Region is not found here: that is how KMS answers. */
  find(region: string, reference: string): Key {
    const arn = /^arn:aws:kms:([a-z0-9-]+):\d{12}:(.+)$/.exec(reference);
    if (arn && arn[1] !== region) throw new AwsError("NotFoundException", `Invalid arn ${arn[1]}`);
    const name = arn?.[2] ?? reference;
    if (name.startsWith("alias/")) return this.#byAlias(region, name);
    const id = name.replace(/^key\//, "");
    const key = this.in(region).keys.get(id);
    if (!key)
      throw new AwsError(
        "NotFoundException",
        `Key 'arn:aws:kms:${region}:${this.#accountId}:key/${id}' does not exist`,
      );
    return key;
  }

  usableKeyArn(region: string, keyId: string): string {
    const key = this.find(region, keyId);
    if (key.state === "Disabled")
      throw new AwsError("DisabledException", `${key.arn} is disabled.`);
    if (key.state === "PendingDeletion")
      throw new AwsError("KMSInvalidStateException", `${key.arn} is pending deletion.`);
    return key.arn;
  }

  #byAlias(region: string, alias: string): Key {
    const { keys, aliases } = this.in(region);
    const key = keys.get(aliases.get(alias) ?? "");
    if (key) return key;
    if (!/^alias\/aws\/[a-z]+$/.test(alias))
      throw notFound(`Alias ${this.aliasArn(region, alias)}`);
    // AWS makes a service's own key when the service first needs it.
    const managed = this.create(region, {
      manager: "AWS",
      description: `Default key that protects my ${alias.split("/")[2]} data when no other key is defined`,
      policy: defaultKeyPolicy(this.#accountId),
      tags: new Map(),
    });
    aliases.set(alias, managed.id);
    return managed;
  }
}
