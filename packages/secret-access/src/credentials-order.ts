import type { DatabaseSecret } from "@standby/topology";
import { MalformedSecretError, SecretNotFoundError } from "./errors.ts";
import type { SecretVersion } from "./secret-version.ts";

export type DatabaseCredentials = SecretVersion<DatabaseSecret>;
export type CredentialsSource = {
  get(selector: { readonly versionStage: string }): Promise<DatabaseCredentials>;
};

/**
 * AWSPENDING: a rotation has changed the password and not yet moved the label. AWSPREVIOUS: the secret's copy is ahead of the
 * replica's user table, since the two replicate by unrelated channels. Labels are only read, never moved.
 */
const stages = ["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"] as const;
type Stage = (typeof stages)[number];

/** Which version of the secret to log in with, one after the other until the server accepts one. */
export class CredentialsOrder {
  readonly #source: CredentialsSource;
  /** Where a stage other than AWSCURRENT worked, it is tried first. */
  readonly #accepted = new Map<string, Stage>();

  constructor(source: CredentialsSource) {
    this.#source = source;
  }

  current(): Promise<DatabaseCredentials> {
    return this.#source.get({ versionStage: "AWSCURRENT" });
  }

  /** The next version that this login has not tried; undefined when there is none. */
  async next(
    target: string,
    refused: ReadonlySet<string>,
    current: DatabaseCredentials,
  ): Promise<DatabaseCredentials | undefined> {
    for (const stage of this.#order(target)) {
      const credentials = stage === "AWSCURRENT" ? current : await this.#read(stage);
      if (credentials && !refused.has(credentials.versionId)) return credentials;
    }
    return undefined;
  }

  accepted(target: string, credentials: DatabaseCredentials): void {
    const stage = stages.find((one) => credentials.versionStages.includes(one));
    if (stage && stage !== "AWSCURRENT") this.#accepted.set(target, stage);
    else this.#accepted.delete(target);
  }

  #order(target: string): readonly Stage[] {
    const first = this.#accepted.get(target);
    return first ? [first, ...stages.filter((stage) => stage !== first)] : stages;
  }

  async #read(stage: Stage): Promise<DatabaseCredentials | undefined> {
    try {
      return await this.#source.get({ versionStage: stage });
    } catch (error) {
      // Most of the time no version has the label AWSPENDING, and a rotation may have left an empty one.
      if (error instanceof SecretNotFoundError || error instanceof MalformedSecretError)
        return undefined;
      throw error;
    }
  }
}
