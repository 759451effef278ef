import type { ResourceRecordSetFailover, RRType, VPC } from "@aws-sdk/client-route-53";
import type { TagMap } from "../tag-map.ts";

/** One of the two record sets of a name and type, of which Route 53 answers the one that is healthy. */
export interface FailoverRouting {
  readonly setIdentifier: string;
  readonly failover: ResourceRecordSetFailover;
  readonly healthCheckId: string | undefined;
}

/** A record set as AWS keeps it: name in lower case with a final dot. */
export interface RecordSet {
  readonly name: string;
  readonly type: RRType;
  readonly ttlSeconds: number | undefined;
  readonly values: readonly string[];
  /** Undefined for a simple record. */
  readonly routing?: FailoverRouting | undefined;
}

export type RecordSets = ReadonlyMap<string, RecordSet>;

export interface HostedZone {
  readonly id: string;
  /** With a final dot. */
  readonly name: string;
  readonly callerReference: string;
  readonly comment: string | undefined;
  readonly isPrivate: boolean;
  readonly vpcs: Map<string, VPC>;
  readonly nameServers: readonly string[];
  readonly tags: TagMap;
  /** What the API tells. */
  records: RecordSets;
  /** What the name servers answer: the records of the last change that is in sync. */
  liveRecords: RecordSets;
}

export interface Change {
  readonly id: string;
  readonly submittedAt: Date;
  readonly comment: string | undefined;
  status: "PENDING" | "INSYNC";
}

export const recordKey = (name: string, type: string, setIdentifier = ""): string =>
  `${name} ${type} ${setIdentifier}`;

export const sameName = (one: RecordSet, other: RecordSet): boolean =>
  one.name === other.name && one.type === other.type;

/** Lower case, final dot, and `*` and other unusual characters as AWS's octal codes. */
export const absoluteName = (name: string): string =>
  `${name
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(
      /[^a-z0-9._\\-]/g,
      (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`,
    )}.`;

const soaFields = "1 7200 900 1209600 86400";

/** Every zone starts with its name servers and its SOA, whose last field caps negative answers at a day. */
export function firstRecords(name: string, nameServers: readonly string[]): RecordSets {
  const sets: readonly RecordSet[] = [
    { name, type: "NS", ttlSeconds: 172_800, values: nameServers.map((server) => `${server}.`) },
    {
      name,
      type: "SOA",
      ttlSeconds: 900,
      values: [`${nameServers[0]}. awsdns-hostmaster.amazon.com. ${soaFields}`],
    },
  ];
  return new Map(sets.map((set) => [recordKey(set.name, set.type), set]));
}

/** A private zone's name servers are the same reserved ones for everybody. */
export const nameServersOf = (isPrivate: boolean, seed: number): readonly string[] =>
  ["com", "net", "org", "co.uk"].map(
    (suffix, index) =>
      `ns-${index * 512 + (isPrivate ? 0 : seed)}.awsdns-${isPrivate ? "00" : String(seed % 64).padStart(2, "0")}.${suffix}`,
  );
