import { channel } from "node:diagnostics_channel";

/** What happened to a secret or to the database's host, without any value. */
export interface AccessEvent {
  readonly type: /** Answered from memory. */
    | "hit"
    /** Read from Secrets Manager. */
    | "refresh"
    /** A value beyond its time to live was used, because a newer one is on its way or cannot be had. */
    | "stale"
    /** A read failed: `code` is the error's. */
    | "error"
    /** DNS does not answer: the last good answer is used. */
    | "stale-host";
  /** The secret's id, or the CNAME. */
  readonly subject: string;
  /** Stage or version id that was asked for. */
  readonly version?: string;
  readonly code?: string;
}

/** Subscribe with `node:diagnostics_channel`; without a subscriber an event costs one comparison. */
export const accessEvents = channel("standby:secret-access");
