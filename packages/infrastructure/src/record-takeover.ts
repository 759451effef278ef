import * as aws from "@pulumi/aws";
import type { Notice } from "./decide.ts";
import type { Refusal } from "./refusal.ts";

/*
 * A record that is there already is never deleted and made again: resolvers remember an absence longer than an address. The first
 * update imports it with everything left as it is, and from then on it belongs to the recovery stack; the next one changes it in place.
 */

/** A CNAME that somebody else made. */
export interface ForeignRecord {
  readonly target: string;
  readonly ttlSeconds: number;
}

/** What Route 53 holds under a name. */
export interface LiveRecord {
  readonly type: string;
  /** One of several records of this name, or an alias: it has no plain value. */
  readonly isRouted: boolean;
  readonly values: readonly string[];
  readonly ttlSeconds: number;
}

export interface TakeoverFacts {
  readonly stack: string;
  readonly zoneId: string;
  readonly hostName: string;
  /** `record.existing.target`: what the person who hands the record over says that it names. */
  readonly statedTarget: string;
}

/** Asked once, before the record is in the state: Route 53 answers from us-east-1, and no failover may need that. */
export async function observeRecords(
  zoneId: string,
  hostName: string,
): Promise<readonly LiveRecord[]> {
  const nameRegex = `^${hostName.replaceAll(".", "\\.")}\\.?$`;
  const { resourceRecordSets } = await aws.route53.getRecords({ zoneId, nameRegex });
  return resourceRecordSets.map(({ type, setIdentifier, aliasTarget, resourceRecords, ttl }) => ({
    type,
    isRouted: Boolean(setIdentifier) || Boolean(aliasTarget?.dnsName),
    values: (resourceRecords ?? []).map(({ value }) => value),
    ttlSeconds: ttl,
  }));
}

/** The one record that can be taken over, or why there is none. */
export function decideTakeover(
  facts: TakeoverFacts,
  live: readonly LiveRecord[],
): { readonly record: ForeignRecord } | { readonly refusals: readonly [Refusal] } {
  const refused = (field: string, reason: string, next: string) =>
    ({ refusals: [{ key: `standby:record.existing${field}`, reason, next }] }) as const;
  const look = `aws route53 list-resource-record-sets --hosted-zone-id ${facts.zoneId} --start-record-name ${facts.hostName} --max-items 5`;
  const [found] = live;
  if (!found)
    return refused(
      "",
      "is set, and the zone has no record of the name databaseHostName",
      `pulumi config rm --path record.existing -s ${facts.stack}, and this stack makes the record`,
    );
  const [value = "", ...others] = found.values;
  if (live.length > 1 || found.type !== "CNAME" || found.isRouted || others.length > 0)
    return refused(
      "",
      "is set, and the zone's record of the name databaseHostName is not one plain CNAME, which is all that can be taken over without a gap",
      look,
    );
  if (bare(value) !== bare(facts.statedTarget))
    return refused(
      ".target",
      "is not what the CNAME names now: whoever hands it over has to know what it is moved away from",
      look,
    );
  return { record: { target: value, ttlSeconds: found.ttlSeconds } };
}

/** What the next update is going to do with it. */
export const takeoverNotice = (
  { stack, hostName }: TakeoverFacts,
  { target }: ForeignRecord,
  nextTarget: string,
): Notice => ({
  message: `this update takes ${hostName} over as it is. The next one gives it its TTL${bare(target) === bare(nextTarget) ? "" : `, and moves it from ${bare(target)} to ${nextTarget}`}`,
  next: `pulumi preview -s ${stack}, then pulumi up -s ${stack}`,
});

const bare = (name: string): string => name.toLowerCase().replace(/\.$/, "");
