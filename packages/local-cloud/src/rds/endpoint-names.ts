import type { DnsAuthority, DnsRecord } from "../data-planes.ts";
import { addressOf } from "./instance.ts";
import { endpointSuffix } from "./names.ts";
import type { RdsStore } from "./rds-store.ts";

/** RDS changes what its own names point at within seconds. */
const ttlSeconds = 5;

const soa: DnsRecord = {
  name: endpointSuffix,
  type: "SOA",
  ttlSeconds: 60,
  data: "ns-1.awsdns-00.com awsdns-hostmaster.amazon.com 1 7200 900 1209600 60",
};

/** The names of the instances' endpoints. A name outlives its Region's outage: only the server behind it is gone. */
export const endpointNames = (store: RdsStore): DnsAuthority => ({
  lookUp(name) {
    const wanted = name.toLowerCase().replace(/\.$/, "");
    if (wanted !== endpointSuffix && !wanted.endsWith(`.${endpointSuffix}`)) return undefined;
    const instance = store.instances().find((each) => addressOf(each) === wanted);
    const records: readonly DnsRecord[] = instance?.server
      ? [{ name: wanted, type: "A", ttlSeconds, data: instance.server.address }]
      : [];
    return { exists: records.length > 0, records, soa };
  },
});
