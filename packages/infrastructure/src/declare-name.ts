import type * as pulumi from "@pulumi/pulumi";
import { type DnsSwitch, dnsSwitchFunctionName, parseRdsEndpoint } from "@standby/topology";
import type { DatabasePlace } from "./components/database-place.ts";
import { DatabaseRecord, type DatabaseRecordTarget } from "./components/database-record.ts";
import { SwitchFunction } from "./components/switch-function.ts";
import { SwitchedRecord } from "./components/switched-record.ts";
import { proveWritable } from "./components/writable-database.ts";
import type { RecoveryPlan } from "./decide-recovery.ts";
import { bundleOf } from "./function-bundle.ts";
import type { PrimaryOutputs } from "./handoff.ts";
import type { ForeignRecord } from "./record-takeover.ts";
import type { RecoveryConfig, Tags } from "./stack-config.ts";

/** What the name is declared from, whichever way it moves. */
export interface NameFacts {
  readonly plan: RecoveryPlan;
  /** This Region's. */
  readonly database: DatabasePlace;
  readonly primary: PrimaryOutputs;
  /** Where the last update left the name. */
  readonly lastRegion: string | undefined;
  readonly foreignRecord: ForeignRecord | undefined;
  readonly tags: Tags;
}

/**
 * The name in front of both Regions' databases. Whichever way it moves, it moves onto this Region's database only after RDS called
 * that one standalone, and away from it only after the update that fences it. Returns the Region that it was told to lead to.
 */
export async function declareName(
  config: RecoveryConfig,
  facts: NameFacts,
): Promise<pulumi.Output<string>> {
  const { dnsSwitch, databaseHostName, record } = config;
  const region = await declareBy(dnsSwitch, databaseHostName, config, facts);
  // The name of before the other way was chosen: the application leaves it when the secret's host is changed.
  if (record.former !== undefined)
    await declareBy(otherThan(dnsSwitch), record.former, config, {
      ...facts,
      plan: { ...facts.plan, record: "kept" },
    });
  return region;
}

const otherThan = (dnsSwitch: DnsSwitch): DnsSwitch =>
  dnsSwitch === "record" ? "health-check" : "record";

const declareBy = (
  dnsSwitch: DnsSwitch,
  hostName: string,
  config: RecoveryConfig,
  facts: NameFacts,
): Promise<pulumi.Output<string>> =>
  dnsSwitch === "record"
    ? declareRecord(hostName, config, facts)
    : declareSwitch(hostName, config, facts);

async function declareRecord(
  hostName: string,
  { record: { ttlSeconds } }: RecoveryConfig,
  { plan, database, primary, foreignRecord }: NameFacts,
): Promise<pulumi.Output<string>> {
  const record = new DatabaseRecord("record", {
    zoneId: primary.zoneId,
    hostName,
    ttlSeconds,
    target: foreignRecord
      ? { kind: "takenOver", address: foreignRecord.target, ttlSeconds: foreignRecord.ttlSeconds }
      : await recordTarget(plan, database, primary),
  });
  return record.address.apply((address) => parseRdsEndpoint(address)?.region ?? "");
}

/** The address of a writer is used only after RDS was asked: the program waits for the promotion here. */
async function recordTarget(
  { record }: RecoveryPlan,
  database: DatabasePlace,
  { database: { address } }: PrimaryOutputs,
): Promise<DatabaseRecordTarget> {
  switch (record) {
    case "primary":
    case "kept":
      return { kind: record, address };
    case "return":
      return { kind: record, address, fenced: database };
    case "readOnly":
      return { kind: record, database };
    case "writable":
      return { kind: record, database: await proveWritable(database) };
  }
}

async function declareSwitch(
  hostName: string,
  config: RecoveryConfig,
  { plan, database, primary, lastRegion, tags }: NameFacts,
): Promise<pulumi.Output<string>> {
  const { service, region, pinned, record } = config;
  const namedRegion = namedBy(plan, { primaryRegion: primary.region, region, lastRegion });
  const waitsFor = plan.record === "writable" || plan.record === "return";
  if (plan.record === "writable") await proveWritable(database);
  const switched = new SwitchedRecord("switched", {
    service,
    primaryRegion: primary.region,
    recoveryRegion: region,
    zoneId: primary.zoneId,
    hostName,
    ttlSeconds: record.ttlSeconds,
    primaryAddress: primary.database.address,
    recoveryAddress: database.address,
    pinned,
    asked: namedRegion === region ? "recovery" : "primary",
    tags,
  });
  const publisher = new SwitchFunction("dns-switch", {
    functionName: dnsSwitchFunctionName(service),
    service,
    primaryRegion: primary.region,
    region,
    namedRegion,
    after: [...switched.before, ...(waitsFor && database.instance ? [database.instance] : [])],
    bundlePath: bundleOf("dns-switch"),
    tags,
  });
  return publisher.namedRegion;
}

function namedBy(
  { record }: RecoveryPlan,
  regions: {
    readonly primaryRegion: string;
    readonly region: string;
    readonly lastRegion: string | undefined;
  },
): string {
  switch (record) {
    case "primary":
    case "return":
      return regions.primaryRegion;
    case "kept":
      return regions.lastRegion || regions.primaryRegion;
    case "readOnly":
    case "writable":
      return regions.region;
  }
}
