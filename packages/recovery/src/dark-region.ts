/** How long a Region may say nothing at all before it is given up. */
export const silenceSeconds = 1.5;

/** What this process has heard of a Region since it began to ask. */
export interface Silence {
  /** Different services of the Region that were asked. */
  readonly servicesAsked: number;
  /** One of them answered, be it with a refusal or an error of its own. */
  readonly heard: boolean;
  /** Since something outside of the Region answered this process; undefined: nothing has yet. */
  readonly secondsSinceProof: number | undefined;
}

/**
 * Whether a Region is to be given up before its deadline. Each part of this is a reason:
 *
 * - A Region that has answered anything keeps the whole deadline: a probe that starts cold in a VPC may need seconds, and what it says is
 *   worth them.
 * - One silent service is an outage of that service. Several at once are the Region, or the way to it.
 * - Until something else has answered, the silence may be this machine's own: credentials that are being fetched, a network that is down,
 *   a process that gets no processor. Nothing is concluded of a Region from that.
 */
export const isDark = ({ servicesAsked, heard, secondsSinceProof }: Silence): boolean =>
  !heard &&
  servicesAsked > 1 &&
  secondsSinceProof !== undefined &&
  secondsSinceProof >= silenceSeconds;
