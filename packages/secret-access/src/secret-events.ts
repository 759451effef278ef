import { channel } from "node:diagnostics_channel";

/** What happened to a secret or to the database's host, without any value. */
export interface AccessEvent {
  readonly type: /** Answered from memory. */
    | "hit"
    /** Read from Secrets Manager. */
    | "refresh"
    /** Read from Secrets Manager of another Region, which was asked for by name. */
    | "other-region"
    /** A value beyond its time to live was used, because a newer one is on its way or cannot be had. */
    | "stale"
    /** A read failed: `code` is the error's. */
    | "error"
    /** DNS does not answer: the last good answer is used. */
    | "stale-host";
  /** The secret's id, or the CNAME. */
  readonly subject: string;
  /** Stage or version id that was asked for. */
  readonly version?: string | undefined;
  readonly code?: string | undefined;
  /** The other Region whose copy was asked for by name. */
  readonly otherRegion?: string | undefined;
}

/** Subscribe with `node:diagnostics_channel`; without a subscriber an event costs one comparison. */
export const accessEvents = channel("standby:secret-access");
