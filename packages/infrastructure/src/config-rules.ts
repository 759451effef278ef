import { generationOf, isRdsName } from "@standby/topology";
import { cidrsOverlap } from "./cidr.ts";
import type { NetworkValues, PrimaryValues, RecoveryValues } from "./config-schema.ts";
import { secretRules } from "./secret-rules.ts";

/** A problem of one key. `next` is left out where the stack file has to be edited. */
export interface ConfigProblem {
  readonly key: string;
  readonly reason: string;
  readonly next?: string;
}

/** What could be read: a key with a problem of its own is absent, and the rules about it stay silent. */
type Known<Values> = Partial<Values> & { readonly region?: string; readonly stack: string };

/** The rules between keys of the primary stack. */
export const primaryRules = (values: Known<PrimaryValues>): readonly ConfigProblem[] => [
  ...commonRules(values),
  ...zoneRules(values),
  ...secretRules(values),
];

/** The rules between keys of the recovery stack. */
export const recoveryRules = (values: Known<RecoveryValues>): readonly ConfigProblem[] => [
  ...commonRules(values),
  ...flagRules(values),
  ...switchRules(values),
];

function commonRules(
  values: Known<
    Pick<PrimaryValues, "databaseHostName" | "network" | "replicateFrom" | "accountId" | "service">
  > & { readonly database?: PrimaryValues["database"] | RecoveryValues["database"] },
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (values.databaseHostName !== undefined && isRdsName(values.databaseHostName))
    problems.push({
      key: "databaseHostName",
      reason:
        "is an RDS endpoint, which is lost with its Region; it must be the name of the CNAME inside the zone",
    });
  if (values.network) problems.push(...networkRules(values.network, values.region));
  problems.push(...sourceRules(values), ...adoptionRules(values));
  return problems;
}

/** Databases of this program are told from adopted ones by their names. */
function adoptionRules({
  service,
  database,
}: {
  readonly service?: string;
  readonly database?: PrimaryValues["database"] | RecoveryValues["database"];
}): readonly ConfigProblem[] {
  if (!database || !("existing" in database) || service === undefined) return [];
  return generationOf(service, database.existing.identifier) === undefined
    ? []
    : [
        {
          key: "database.existing.identifier",
          reason:
            "has the name of a database that this program makes for the service; give the service another name, or leave database.existing out",
        },
      ];
}

function sourceRules({
  replicateFrom,
  region,
  accountId,
}: Known<Pick<PrimaryValues, "replicateFrom" | "accountId">>): readonly ConfigProblem[] {
  if (replicateFrom === undefined) return [];
  const [, , , sourceRegion, sourceAccount] = replicateFrom.split(":");
  const problems: ConfigProblem[] = [];
  if (sourceRegion === region)
    problems.push({
      key: "replicateFrom",
      reason: "names a database of this stack's own Region: both would be lost together",
    });
  if (accountId !== undefined && sourceAccount !== accountId)
    problems.push({ key: "replicateFrom", reason: "names a database of another account" });
  return problems;
}

function networkRules(
  network: NetworkValues,
  region: string | undefined,
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const { cidr, peerCidr } = "existing" in network ? network.existing : network;
  if (cidrsOverlap(cidr, peerCidr))
    problems.push({
      key: "network",
      reason: "cidr and peerCidr overlap, and peered VPCs must not",
    });
  const zones = "existing" in network ? [] : (network.availabilityZones ?? []);
  if (region !== undefined && zones.some((zone) => zone.slice(0, -1) !== region))
    problems.push({
      key: "network",
      reason: "availabilityZones names a zone of another Region than aws:region",
    });
  if (new Set(zones).size !== zones.length)
    problems.push({ key: "network", reason: "availabilityZones names a zone twice" });
  return problems;
}

function zoneRules({
  zone,
  databaseHostName,
}: Known<Pick<PrimaryValues, "zone" | "databaseHostName">>): readonly ConfigProblem[] {
  if (!zone || databaseHostName === undefined || isRdsName(databaseHostName)) return [];
  const name = "existing" in zone ? zone.existing.name : zone.name;
  // A CNAME beside the zone's own SOA is refused by DNS itself, hence a name below the zone and not the zone.
  return databaseHostName.endsWith(`.${name}`)
    ? []
    : [{ key: "databaseHostName", reason: "must be a name below the zone" }];
}

function switchRules({
  dnsSwitch,
  pinned,
  failover,
  record,
  databaseHostName,
  stack,
}: Known<
  Pick<RecoveryValues, "dnsSwitch" | "pinned" | "failover" | "record" | "databaseHostName">
>): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const unpin = `pulumi config set pinned false -s ${stack}`;
  if (pinned && dnsSwitch === "record")
    problems.push({
      key: "pinned",
      reason: "means nothing with dnsSwitch record, whose one record names one database",
      next: unpin,
    });
  if (pinned && failover === false)
    problems.push({
      key: "pinned",
      reason: "contradicts failover false: it holds the name in this Region",
      next: unpin,
    });
  if (record?.existing && dnsSwitch === "health-check")
    problems.push({
      key: "record.existing",
      reason:
        "is a plain record, which cannot become one of the two of dnsSwitch health-check; give the pair a name of its own",
    });
  if (record?.former !== undefined && record.former === databaseHostName)
    problems.push({
      key: "record.former",
      reason: "is databaseHostName itself; it is the name that is left behind",
    });
  return problems;
}

function flagRules({
  failover,
  readOnlyFailover,
  fenced,
  stack,
}: Known<
  Pick<RecoveryValues, "failover" | "readOnlyFailover" | "fenced">
>): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (failover && fenced)
    problems.push({
      key: "failover",
      reason:
        "contradicts fenced: one wants this Region's database to take writes, the other to refuse them",
      next: `pulumi config set fenced false -s ${stack}`,
    });
  if (failover && readOnlyFailover)
    problems.push({
      key: "failover",
      reason:
        "contradicts readOnlyFailover: one promotes the replica, the other leaves it a replica",
      next: `pulumi config set readOnlyFailover false -s ${stack}`,
    });
  return problems;
}
