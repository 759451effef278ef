import type { Decision } from "../src/decide.ts";
import { decidePrimary, type PrimaryPlan } from "../src/decide-primary.ts";
import { decideRecovery, type RecoveryFacts } from "../src/decide-recovery.ts";
import type { ObservedDatabase } from "../src/observe.ts";
import { keyTable } from "./configuration-keys.ts";
import { secretTable } from "./secret-table.ts";
import { refusalText, table } from "./table.ts";

/*
 * Every flag against every state of the databases, asked of the program's own decision: what docs/configuration.md prints.
 */

export const eastSource = "arn:aws:rds:us-east-1:123456789012:db:orders-prod-1";
export const westSource = "arn:aws:rds:us-west-2:123456789012:db:orders-prod-1";

export const live = (
  identifier: string,
  changes: Partial<ObservedDatabase> = {},
): ObservedDatabase => ({
  identifier,
  generation: Number(identifier.slice(-1)),
  arn: `arn:aws:rds:us-west-2:123456789012:db:${identifier}`,
  promotionRequested: false,
  username: "orders_admin",
  databaseName: "orders",
  ...changes,
});

type Live = RecoveryFacts["observed"];
const shown = (...databases: readonly ObservedDatabase[]): Live => ({ databases, strangers: [] });
const renamed: Live = { databases: [], strangers: ["orders-prod-1-old"] };
const nothing = shown();

/** What the probe wrote a moment ago of the newest database. */
const freshRecord = ({ databases }: Live): NonNullable<RecoveryFacts["replication"]> => ({
  identifier: databases.at(-1)?.identifier ?? "orders-prod-1",
  ageSeconds: 30,
  lagSeconds: 0,
});

const replica = live("orders-prod-1", { origin: eastSource, sourceArn: eastSource });
const ours = live("orders-prod-1", { origin: eastSource, promotionRequested: true });
const theirs = live("orders-prod-1", { origin: eastSource });
const rebuilt = live("orders-prod-2", { origin: eastSource, sourceArn: eastSource });

/** What is live in the recovery Region. */
export const recoveryStates = {
  none: nothing,
  "a read replica": shown(replica),
  "standalone, promoted by this stack": shown(ours),
  "standalone, promoted by somebody else": shown(theirs),
  "a later read replica, after a standalone one": shown(theirs, rebuilt),
  "one under another name": renamed,
} as const;

/** What this stack's last outputs say. */
export const pasts = {
  "nothing yet": {},
  "primary Region": {
    recordRegion: "us-east-1",
    database: "orders-prod-1",
    databaseMode: "replica",
    recoveryBucket: "bucket",
  },
  "this Region, read-only": {
    recordRegion: "us-west-2",
    database: "orders-prod-1",
    databaseMode: "replica",
    recoveryBucket: "bucket",
  },
  "this Region, writes": {
    recordRegion: "us-west-2",
    database: "orders-prod-1",
    databaseMode: "standalone",
    recoveryBucket: "bucket",
  },
} as const satisfies Readonly<Record<string, RecoveryFacts["last"]>>;

export const recoveryFacts = (changes: Partial<RecoveryFacts>): RecoveryFacts => ({
  stack: "prod-west",
  primaryStack: "prod-east",
  service: "orders-prod",
  region: "us-west-2",
  failover: false,
  readOnlyFailover: false,
  fenced: false,
  replicateFrom: undefined,
  acceptDataLoss: undefined,
  recoveryPoint: { maximumLagSeconds: 60, maximumAgeSeconds: 900 },
  replication: freshRecord(changes.observed ?? nothing),
  adopts: undefined,
  observed: nothing,
  last: {},
  ...changes,
});

/** The flags of the recovery stack, in the order of the table's columns. */
export const recoveryFlags = {
  "no flag": {},
  "`readOnlyFailover`": { readOnlyFailover: true },
  "`failover`": { failover: true },
  "`failover`, lag unknown": { failover: true, replication: undefined },
  "`failover`, `acceptDataLoss`": { failover: true, acceptDataLoss: "orders-prod-1" },
} as const satisfies Readonly<Record<string, Partial<RecoveryFacts>>>;

const records = {
  primary: "CNAME: primary Region",
  return: "CNAME: back to the primary Region",
  kept: "CNAME stays",
  readOnly: "CNAME: it, read-only",
  writable: "CNAME: it",
} as const;

function recoveryCell(facts: RecoveryFacts): string {
  const decision = decideRecovery(facts);
  if ("refusals" in decision) return refusalText(decision) ?? "";
  const { databases, record, notices } = decision.plan;
  const latest = databases.at(-1);
  const exists = facts.observed.databases.some(
    ({ generation }) => generation === latest?.generation,
  );
  const database = exists
    ? { replicate: "stays a replica", promote: "promoted", standalone: "left alone" }
    : { replicate: "made as a replica", promote: "", standalone: "" };
  const warning = notices.length > 0 ? "; warning" : "";
  const fence = latest?.writes === "refused" ? "; refuses writes" : "";
  return `${database[latest?.birth.link ?? "replicate"]}${fence}; ${records[record]}${warning}`;
}

function recoveryTable(): string {
  const rows = Object.entries(recoveryStates).flatMap(([state, observed]) =>
    Object.entries(pasts).map(([past, last]) => [
      state,
      past,
      ...Object.values(recoveryFlags).map((flags) =>
        recoveryCell(recoveryFacts({ ...flags, observed, last })),
      ),
    ]),
  );
  return table(["this Region's database", "CNAME last seen", ...Object.keys(recoveryFlags)], rows);
}

const created = live("orders-prod-1", { origin: "created" });
const east = (identifier: string, changes: Partial<ObservedDatabase>): ObservedDatabase =>
  live(identifier, { arn: `arn:aws:rds:us-east-1:123456789012:db:${identifier}`, ...changes });

/** What a return of the CNAME may find in the primary Region. */
export const returnStates = {
  none: nothing,
  "the source that was failed away from": shown(east("orders-prod-1", { origin: "created" })),
  "a replica of the recovery Region's database": shown(
    east("orders-prod-1", { origin: "created" }),
    east("orders-prod-2", { origin: westSource, sourceArn: westSource }),
  ),
  "the same, promoted": shown(
    east("orders-prod-1", { origin: "created" }),
    east("orders-prod-2", { origin: westSource }),
  ),
  "one that was born from another, promoted": shown(
    east("orders-prod-2", { origin: `${westSource}0` }),
  ),
} as const;

/** Flag off, and the CNAME last seen on this Region's database, which takes writes. */
export const returnFacts = (
  primaryObserved: Live,
  changes: Partial<RecoveryFacts> = {},
): RecoveryFacts =>
  recoveryFacts({
    observed: recoveryStates["standalone, promoted by this stack"],
    last: pasts["this Region, writes"],
    primaryObserved,
    ...changes,
  });

function returnTable(): string {
  const rows = Object.entries(returnStates).map(([name, primaryObserved]) => [
    name,
    recoveryCell(returnFacts(primaryObserved)),
    recoveryCell(returnFacts(primaryObserved, { fenced: true })),
  ]);
  return table(["the primary Region's newest database", "no flag", "`fenced`"], rows);
}

const eastReplica = east("orders-prod-2", { origin: westSource, sourceArn: westSource });
const eastPromoted = east("orders-prod-2", { origin: westSource });

/** What is live in the primary Region. */
export const primaryStates = {
  "none, and there never was one": { observed: nothing, lastDatabase: undefined },
  "none, and there was one": { observed: nothing, lastDatabase: "orders-prod-1" },
  "the first one": { observed: shown(created), lastDatabase: "orders-prod-1" },
  "a later read replica": { observed: shown(created, eastReplica), lastDatabase: "orders-prod-1" },
  "a later one, promoted": {
    observed: shown(created, eastPromoted),
    lastDatabase: "orders-prod-2",
  },
  "the first one, fenced by the last update": {
    observed: shown(created),
    lastDatabase: "orders-prod-1",
    lastFenced: true,
  },
  "one under another name": { observed: renamed, lastDatabase: "orders-prod-1" },
} as const;

export const primaryFlags = {
  "no flag": {},
  "no flag, CNAME here": { recordRegion: "us-east-1" },
  "`fenced`": { fenced: true },
  "`replicateFrom`": { replicateFrom: westSource },
  "`replicateFrom`, CNAME here": { replicateFrom: westSource, recordRegion: "us-east-1" },
} as const;

export const primaryDecision = (
  state: (typeof primaryStates)[keyof typeof primaryStates],
  flags: {
    readonly fenced?: boolean;
    readonly replicateFrom?: string;
    readonly recordRegion?: string;
    readonly recoveryWriterArn?: string;
  },
): Decision<PrimaryPlan> =>
  decidePrimary({
    stack: "prod-east",
    service: "orders-prod",
    region: "us-east-1",
    adopts: undefined,
    configured: { username: "orders_admin", databaseName: "orders" },
    fenced: false,
    replicateFrom: undefined,
    lastFenced: false,
    recordRegion: "us-west-2",
    recoveryWriterArn: westSource,
    ...state,
    ...flags,
  });

function primaryCell(
  state: (typeof primaryStates)[keyof typeof primaryStates],
  flags: Parameters<typeof primaryDecision>[1],
): string {
  const decision = primaryDecision(state, flags);
  if ("refusals" in decision) return refusalText(decision) ?? "";
  const { databases, firstDeployment, replicatesFrom, notices } = decision.plan;
  if (firstDeployment) return "created, with the secret's first value";
  if (replicatesFrom !== undefined) return `the next one is made as its replica`;
  const writes = { taken: "", refused: "; refuses writes", kept: "; its fence is let be" };
  const fence = writes[databases.at(-1)?.writes ?? "taken"];
  const warning = notices.length > 0 ? "; warning" : "";
  return `${databases.length > 1 ? "all kept as they are" : "kept as it is"}${fence}${warning}`;
}

function primaryTable(): string {
  const rows = Object.entries(primaryStates).map(([name, state]) => [
    name,
    ...Object.values(primaryFlags).map((flags) => primaryCell(state, flags)),
  ]);
  return table(["the primary Region's database", ...Object.keys(primaryFlags)], rows);
}

const marks = (name: string) => [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`] as const;

/** The document with the tables of today, and with the keys of Pulumi.yaml, between their marks. */
export function withTables(document: string, pulumiYaml: string): string {
  return Object.entries({
    "decision-table-recovery": recoveryTable(),
    "decision-table-return": returnTable(),
    "decision-table-primary": primaryTable(),
    "decision-table-secret": secretTable(),
    "configuration-keys": keyTable(pulumiYaml),
  }).reduce((text, [name, content]) => {
    const [begin, end] = marks(name);
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined)
      throw new Error(`docs/configuration.md has no marks of ${name}`);
    return `${before}${begin}\n\n${content}\n\n${end}${after}`;
  }, document);
}
