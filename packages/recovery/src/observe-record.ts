import { ListResourceRecordSetsCommand, type Route53Client } from "@aws-sdk/client-route-53";
import type { ResolveAnswer } from "@standby/topology";
import type { RecordObservation, Seen } from "./observation.ts";
import { NothingToSee, unseen } from "./seen.ts";

/** The CNAME as Route 53's control plane holds it, which is what an update would change; resolvers are asked by the probes. */
export async function observeRecord(
  route53: Route53Client,
  { zoneId, name }: { readonly zoneId: string; readonly name: string },
  signal: AbortSignal,
): Promise<RecordObservation> {
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      StartRecordName: name,
      StartRecordType: "CNAME",
      MaxItems: 1,
    }),
    { abortSignal: signal },
  );
  const [set] = ResourceRecordSets;
  const target = set?.ResourceRecords?.[0]?.Value;
  if (!set || plain(set.Name ?? "") !== plain(name) || target === undefined)
    throw new NothingToSee(`the zone ${zoneId} has no CNAME ${name}`);
  return { name: plain(name), target: plain(target), ttlSeconds: set.TTL ?? 0 };
}

/**
 * Of two records that a health check chooses between, the one that is answered: which that is only a resolver can say, and Route 53's
 * control plane is not asked.
 */
export const recordByAnswer = (
  name: string,
  answer: Seen<ResolveAnswer>,
): Seen<RecordObservation> => {
  if (!answer.seen) return answer;
  const { target, ttlSeconds } = answer.value;
  return target === undefined
    ? unseen("failed", `the resolver has no CNAME ${name}`)
    : { seen: true, value: { name: plain(name), target, ttlSeconds: ttlSeconds ?? 0 } };
};

/** Route 53 answers with a dot at the end. */
export const plain = (name: string): string => name.toLowerCase().replace(/\.$/, "");
