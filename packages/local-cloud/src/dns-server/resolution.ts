import type { DnsAuthority, DnsRecord } from "../data-planes.ts";

export interface ResolverOptions {
  /** Asked in this order, on every query. */
  readonly authorities: readonly DnsAuthority[];
  /** No answer lives longer than this in a client's cache; undefined: as the authority says. */
  readonly maximumTtlSeconds: number | undefined;
}

export type ResponseCode = "NOERROR" | "SERVFAIL" | "NXDOMAIN" | "REFUSED";

export interface Resolution {
  readonly code: ResponseCode;
  readonly answers: readonly DnsRecord[];
  /** The zone's SOA on negative answers: how long a client may remember them. */
  readonly soa?: DnsRecord;
}

const longestChain = 16;

const normalName = (name: string): string => name.toLowerCase().replace(/\.$/, "");

/** Follows the CNAMEs from a name to the records of the wanted type, across authorities. */
export const resolve = (name: string, type: string, options: ResolverOptions): Resolution => {
  const answers: DnsRecord[] = [];
  const capped = (record: DnsRecord): DnsRecord => ({
    ...record,
    ttlSeconds: Math.min(record.ttlSeconds, options.maximumTtlSeconds ?? Number.POSITIVE_INFINITY),
  });
  let current = normalName(name);
  for (let step = 0; step < longestChain; step++) {
    const found = lookUp(current, options.authorities);
    // A resolver that cannot go on from a CNAME has failed; a name that was never ours is refused.
    if (!found) return { code: step === 0 ? "REFUSED" : "SERVFAIL", answers: [] };
    if (found.isUnanswerable) return { code: "SERVFAIL", answers: [] };
    const negative = capped(negativeTtl(found.soa));
    if (!found.exists) return { code: "NXDOMAIN", answers, soa: negative };
    const wanted = found.records.filter((record) => type === "ANY" || record.type === type);
    if (wanted.length > 0) return { code: "NOERROR", answers: [...answers, ...wanted.map(capped)] };
    const alias = found.records.find((record) => record.type === "CNAME");
    if (!alias) return { code: "NOERROR", answers, soa: negative };
    answers.push(capped(alias));
    current = normalName(alias.data);
  }
  return { code: "SERVFAIL", answers: [] };
};

const lookUp = (name: string, authorities: readonly DnsAuthority[]) => {
  for (const authority of authorities) {
    const found = authority.lookUp(name);
    if (found) return found;
  }
  return undefined;
};

/** RFC 2308: a negative answer lives for the lesser of the SOA's own TTL and its last field. */
const negativeTtl = (soa: DnsRecord): DnsRecord => {
  const minimum = Number(soa.data.trim().split(/\s+/)[6]);
  return Number.isFinite(minimum) ? { ...soa, ttlSeconds: Math.min(soa.ttlSeconds, minimum) } : soa;
};
