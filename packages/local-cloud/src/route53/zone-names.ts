import type { DnsAuthority, DnsRecord } from "../data-planes.ts";
import { answeredSets } from "./failover-answer.ts";
import type { HealthCheckStore } from "./health-check-store.ts";
import { absoluteName, type HostedZone, type RecordSet, recordKey } from "./zone.ts";
import type { ZoneStore } from "./zone-store.ts";

const answered: ReadonlySet<string> = new Set(["A", "CNAME", "SOA", "NS", "TXT"]);

const withoutFinalDot = (name: string): string => name.replace(/\.$/, "");

/** Names lose their final dot, texts their quotes. */
function dataOf(type: string, value: string): string {
  if (type === "CNAME" || type === "NS") return withoutFinalDot(value);
  return type === "TXT" ? value.replace(/^"(.*)"$/s, "$1").replaceAll('" "', "") : value;
}

const toDnsRecords = ({ name, type, ttlSeconds, values }: RecordSet): readonly DnsRecord[] =>
  answered.has(type)
    ? values.map((value) => ({
        name: withoutFinalDot(name),
        type: type as DnsRecord["type"],
        ttlSeconds: ttlSeconds ?? 0,
        data: dataOf(type, value),
      }))
    : [];

/** The closest zone owns a name. */
const zoneOf = (store: ZoneStore, name: string): HostedZone | undefined =>
  [...store.zones.values()]
    .filter((zone) => name === zone.name || name.endsWith(`.${zone.name}`))
    .sort((one, other) => other.name.length - one.name.length)[0];

/** What Route 53's name servers answer: the records of changes that are in sync. */
export const zoneNames = (store: ZoneStore, healthChecks: HealthCheckStore): DnsAuthority => ({
  lookUp(asked) {
    const name = absoluteName(asked);
    const zone = zoneOf(store, name);
    const soaSet = zone?.liveRecords.get(recordKey(zone.name, "SOA"));
    const [soa] = soaSet ? toDnsRecords(soaSet) : [];
    if (!zone || !soa) return undefined;
    const sets = [...zone.liveRecords.values()];
    const named = answeredSets(
      sets.filter((set) => set.name === name),
      healthChecks,
    );
    // A name that has others below it exists, without records.
    const exists = sets.some((set) => set.name === name || set.name.endsWith(`.${name}`));
    return named === undefined
      ? { exists, records: [], soa, isUnanswerable: true }
      : { exists, records: named.flatMap(toDnsRecords), soa };
  },
});
