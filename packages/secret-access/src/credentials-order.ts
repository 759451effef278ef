import type { DatabaseSecret } from "@standby/topology";
import { AccessError } from "./errors.ts";
import type { SecretVersion } from "./secret-version.ts";
import type { VersionSelector } from "./secrets-manager-client.ts";

export type DatabaseCredentials = SecretVersion<DatabaseSecret>;

/** The part of a SecretReader that is used. */
export interface CredentialsSource {
  get(selector?: VersionSelector): Promise<DatabaseCredentials>;
  refresh(selector?: VersionSelector): Promise<DatabaseCredentials>;
}

/**
 * AWSPENDING: a rotation has changed the password and not yet moved the label. AWSPREVIOUS: the secret's copy is ahead of the
 * replica's user table, since the two replicate by unrelated channels. Labels are only read, never moved.
 */
const stages = ["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"] as const;
type Stage = (typeof stages)[number];

/** The reading that a refused login asks for serves all logins of this time: one call for a hundred that fail at once. */
const refreshCoolDownMillis = 1_000;

/** After a server has refused every version, the next login waits for a change this long: hammering may lock the user. */
const refusedCoolDownMillis = 1_000;

/** Each refused password counts towards a lock-out of the user, where the server has one. */
const maximumLogins = 6;

/** Which version of the secret to log in with, one after the other until the server accepts one. */
export class CredentialsOrder {
  readonly #source: CredentialsSource;
  readonly #now: () => number;
  /** What a server accepted in place of AWSCURRENT: used first for as long as AWSCURRENT stays what it was. */
  readonly #accepted = new Map<string, Substitute>();
  readonly #refusedAt = new Map<string, number>();
  #currentId = "";
  readonly #refreshes = new Map<Stage, { at: number; version: Promise<DatabaseCredentials> }>();

  constructor(source: CredentialsSource, now: () => number = Date.now) {
    this.#source = source;
    this.#now = now;
  }

  current(): Promise<DatabaseCredentials> {
    return this.#source.get();
  }

  /**
   * The next version for a login that the server has refused with those of `refused`; undefined when there is none.
   *
   * @throws AccessError when AWSCURRENT cannot be read and nothing else may help.
   */
  async next(
    target: string,
    refused: ReadonlySet<string>,
  ): Promise<DatabaseCredentials | undefined> {
    const hopeless = Math.abs(this.#now() - (this.#refusedAt.get(target) ?? 0));
    if (refused.size >= maximumLogins || hopeless < refusedCoolDownMillis) return undefined;
    const substitute = this.#accepted.get(target);
    for (const stage of stages) {
      const credentials = await this.#candidate(stage, refused);
      if (substitute && stage === "AWSCURRENT" && credentials?.versionId === substitute.insteadOf) {
        if (!refused.has(substitute.credentials.versionId)) return substitute.credentials;
      }
      if (credentials && !refused.has(credentials.versionId)) return credentials;
    }
    if (refused.size > 0) this.#refusedAt.set(target, this.#now());
    return undefined;
  }

  accepted(target: string, credentials: DatabaseCredentials): void {
    this.#refusedAt.delete(target);
    const insteadOf = this.#currentId;
    if (credentials.versionId === insteadOf) this.#accepted.delete(target);
    else this.#accepted.set(target, { credentials, insteadOf });
  }

  async #candidate(
    stage: Stage,
    refused: ReadonlySet<string>,
  ): Promise<DatabaseCredentials | undefined> {
    try {
      const kept = await this.#source.get(selectorOf(stage));
      const credentials = refused.has(kept.versionId) ? await this.#refresh(stage) : kept;
      if (stage === "AWSCURRENT") this.#currentId = credentials.versionId;
      return credentials;
    } catch (error) {
      // Mostly no version has the label AWSPENDING; and while Secrets Manager is down another kept version may still work.
      if (error instanceof AccessError) return undefined;
      throw error;
    }
  }

  #refresh(stage: Stage): Promise<DatabaseCredentials> {
    const now = this.#now();
    const last = this.#refreshes.get(stage);
    if (last && Math.abs(now - last.at) < refreshCoolDownMillis) return last.version;
    const version = this.#source.refresh(selectorOf(stage));
    this.#refreshes.set(stage, { at: now, version });
    return version;
  }
}

interface Substitute {
  readonly credentials: DatabaseCredentials;
  /** Id of the version that had the stage AWSCURRENT. */
  readonly insteadOf: string;
}

const selectorOf = (stage: Stage): VersionSelector | undefined =>
  stage === "AWSCURRENT" ? undefined : { versionStage: stage };
