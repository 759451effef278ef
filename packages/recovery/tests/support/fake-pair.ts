import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type DatabaseAnswer,
  defaultRecoveryPoint,
  missingTransactions,
  parseTransactions,
} from "@standby/topology";
import { vi } from "vitest";
import type { Actions, LiveDatabase, LiveSecret, SecretKind } from "../../src/actions.ts";
import type { Conversation } from "../../src/conversation.ts";
import type { Engine } from "../../src/engine.ts";
import type { PendingCreation } from "../../src/engine-creations.ts";
import type { PlannedOperation } from "../../src/engine-preview.ts";
import { defaultDeadlines, type MoveContext } from "../../src/move.ts";
import type { Deployment } from "../../src/observation.ts";
import type { ProgramChange } from "../../src/program-change.ts";
import type { MoveRun } from "../../src/run-move.ts";
import { readFlags } from "../../src/stack-file.ts";
import { ManualClock } from "../manual-clock.ts";
import { MemoryStore } from "../memory-store.ts";
import { primaryOutputs, recoveryOutputs } from "./outputs.ts";

export const east = "us-east-1";
export const west = "us-west-2";

interface World {
  readonly databases: LiveDatabase[];
  /** By ARN. */
  readonly readOnly: Map<string, string>;
  readonly transactions: Map<string, string>;
  readonly secrets: Map<string, LiveSecret>;
  /** Looked at where the outputs name one. */
  readonly adminSecrets: Map<string, LiveSecret>;
  recordTarget: string;
  /** Route 53's control plane does not answer. */
  recordUnseen: boolean;
  /** ARNs of databases whose password is of the past. */
  readonly lockedOut: Set<string>;
  /** Regions that do not answer. */
  readonly dark: Set<string>;
  /** What the recovery stack's last update left. */
  outputs: { recordRegion: string; databaseMode: string };
  /** How the name moves, chosen on the first day. */
  dnsSwitch: "record" | "health-check";
  /** What the function of the other way published last is still the old value. */
  publishesLate: number;
  lagSeconds: number | null;
  programChange: ProgramChange;
  diverged: readonly Record<string, unknown>[];
}

/** A pair in memory: what the moves ask and do, with RDS's order of things and none of its waits. */
export interface FakePair extends AsyncDisposable {
  readonly world: World;
  readonly context: MoveContext;
  readonly run: MoveRun;
  readonly store: MemoryStore;
  /** Everything that changed something, in order. */
  readonly done: string[];
  /** What the person was told. */
  readonly said: string[];
  readonly asked: string[];
  /** Called before each act that is counted in `done`, and may throw. */
  onAct: (act: string) => void;
  /** What an engine that was killed had begun to create. */
  readonly pending: PendingCreation[];
  /** What the next updates plan beside the move. */
  readonly drift: PlannedOperation[];
  flags(stack: string): Promise<Readonly<Record<string, string>>>;
}

const uuid = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

export const database = (region: string, more: Partial<LiveDatabase> = {}): LiveDatabase => {
  const generation = more.generation ?? 1;
  const identifier = `orders-prod-${generation}`;
  return {
    region,
    generation,
    identifier,
    arn: `arn:aws:rds:${region}:123456789012:db:${identifier}`,
    resourceId: `db-${region}-${generation}`,
    address: `${identifier}.${region === east ? "c1a2b3" : "d4e5f6"}.${region}.rds.amazonaws.com`,
    status: "available",
    sourceArn: undefined,
    promotionRequested: false,
    parameterGroup: `database-${generation}-parameters`,
    backupRetentionDays: 7,
    ...more,
  };
};

const stackFile = (flags: string) => `config:\n${flags}  standby:service: orders-prod\n`;

export async function fakePair(): Promise<FakePair> {
  const folder = await mkdtemp(join(tmpdir(), "fake-pair-"));
  await writeFile(
    join(folder, "Pulumi.prod-west.yaml"),
    stackFile('  standby:failover: "false"\n  standby:fenced: "false"\n'),
  );
  await writeFile(
    join(folder, "Pulumi.prod-east.yaml"),
    stackFile('  standby:fenced: "false"\n  standby:replicateFrom: ""\n'),
  );
  const source = database(east);
  const replica = database(west, { sourceArn: source.arn });
  const world: World = {
    databases: [source, replica],
    readOnly: new Map(),
    transactions: new Map([
      [source.arn, `${uuid}:1-100`],
      [replica.arn, `${uuid}:1-100`],
    ]),
    secrets: new Map([
      [east, secretOf(east)],
      [west, { ...secretOf(west), primaryRegion: east }],
    ]),
    adminSecrets: new Map(),
    recordTarget: source.address ?? "",
    recordUnseen: false,
    lockedOut: new Set(),
    dark: new Set(),
    outputs: { recordRegion: east, databaseMode: "replica" },
    dnsSwitch: "record",
    publishesLate: 0,
    lagSeconds: 0,
    programChange: { isSame: true, deployedCommit: undefined },
    diverged: [],
  };
  const [done, said, asked, drift] = [
    [] as string[],
    [] as string[],
    [] as string[],
    [] as PlannedOperation[],
  ];
  const clock = new ManualClock();
  clock.rushing = true;
  const store = new MemoryStore();
  const pair: FakePair = {
    world,
    store,
    done,
    said,
    asked,
    drift,
    pending: [],
    onAct: () => {},
    flags: (stack) => readFlags(folder, stack),
    context: undefined as unknown as MoveContext,
    run: undefined as unknown as MoveRun,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
  const act = (what: string) => {
    pair.onAct(what);
    done.push(what);
  };
  const deployment = {
    service: "orders-prod",
    accountId: "123456789012",
    primaryRegion: east,
    recoveryRegion: west,
    primaryStack: "prod-east",
    recoveryStack: "prod-west",
    databaseHostName: "db.orders.internal",
    zoneId: "Z1",
    recordTtlSeconds: 30,
    recoveryPoint: defaultRecoveryPoint,
    get primary() {
      const adminSecretArn = world.adminSecrets.get(east)?.arn;
      return adminSecretArn === undefined ? primaryOutputs : { ...primaryOutputs, adminSecretArn };
    },
    get recovery() {
      return { ...recoveryOutputs, ...world.outputs, dnsSwitch: world.dnsSwitch };
    },
  } as unknown as Deployment;
  const context: MoveContext = {
    deployment,
    projectFolder: folder,
    actions: fakeActions(world, act, asked),
    engine: fakeEngine(pair, act, folder),
    programChange: async () => ({ seen: true, value: world.programChange }),
    clock,
    deadlines: { ...defaultDeadlines, lostRegion: 0.05 },
    mayCancel: async () => true,
  };
  const conversation: Conversation = {
    say: (line) => said.push(line),
    tell: (event) => {
      if (event.kind === "line") said.push(event.line);
    },
    confirmRegion: vi.fn(async () => {}),
    confirm: async () => true,
  };
  const run: MoveRun = {
    store,
    clock: new ManualClock(),
    owner: { user: "ann", host: "laptop-a", pid: 11 },
    isGone: () => true,
    conversation,
    signal: new AbortController().signal,
    reason: undefined,
  };
  return Object.assign(pair, { context, run });
}

const secretsOf = (world: World, kind?: SecretKind): World["secrets"] =>
  kind === "admin" ? world.adminSecrets : world.secrets;
const nameOf = (kind?: SecretKind): string => (kind === "admin" ? "admin-secret" : "secret");

const secretOf = (region: string): LiveSecret => ({
  arn: `arn:aws:secretsmanager:${region}:123456789012:secret:orders-prod/database-AbCdEf`,
  versionId: "v1",
  pendingVersionId: undefined,
  changedAt: new Date("2026-11-24T00:00:00Z"),
  primaryRegion: undefined,
  replication: region === east ? [{ region: west, status: "InSync" }] : [],
  keyArn: `arn:aws:kms:${region}:123456789012:key/1`,
});

function fakeActions(world: World, act: (what: string) => void, asked: string[]): Actions {
  const named = (arn: string) => world.databases.find((each) => each.arn === arn);
  const replace = (arn: string, change: Partial<LiveDatabase>) => {
    const index = world.databases.findIndex((each) => each.arn === arn);
    const now = world.databases[index];
    if (now) world.databases[index] = { ...now, ...change };
  };
  const reach = async (region: string, signal: AbortSignal) => {
    asked.push(region);
    signal.throwIfAborted();
    if (!world.dark.has(region)) return;
    await new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
    );
  };
  const refuses = ({ arn, sourceArn, status }: LiveDatabase) =>
    sourceArn !== undefined || world.readOnly.get(arn) === "1" || status !== "available";
  return {
    caller: reach,
    async databases(region, signal) {
      await reach(region, signal);
      // What RDS has begun is done by the next look.
      const now = world.databases.filter((each) => each.region === region);
      for (const each of now)
        if (each.status === "modifying")
          replace(each.arn, { status: "available", sourceArn: undefined });
      return now.sort((one, other) => one.generation - other.generation);
    },
    async writeAccess({ arn, region }, signal) {
      await reach(region, signal);
      return { value: world.readOnly.get(arn) ?? "{TrueIfReplica}", inSync: true };
    },
    async setWriteAccess({ arn, region, identifier }, access, signal) {
      await reach(region, signal);
      act(`${access === "1" ? "fence" : "unfence"} ${identifier} ${region}`);
      world.readOnly.set(arn, access);
    },
    async tagPromotion({ arn, region, identifier }, signal) {
      await reach(region, signal);
      act(`tag ${identifier} ${region}`);
      replace(arn, { promotionRequested: true });
    },
    async promote({ arn, region, identifier }, signal) {
      await reach(region, signal);
      if (named(arn)?.sourceArn === undefined)
        throw Object.assign(new Error("not a replica"), { name: "InvalidDBInstanceState" });
      act(`promote ${identifier} ${region}`);
      replace(arn, { status: "modifying" });
    },
    async ask(region, request, signal) {
      await reach(region, signal);
      const target = world.databases.find(
        (each) => "address" in request && each.address === request.address,
      );
      const answer = answerTo(world, request, target, refuses);
      if (request.ask === "enable-events") act(`enable-events ${region}`);
      // The type of the answer follows the request, which is what the switch is over.
      return answer as never;
    },
    async record(signal) {
      signal.throwIfAborted();
      if (world.recordUnseen) throw Object.assign(new Error("503"), { name: "ServiceUnavailable" });
      return { value: world.recordTarget, ttlSeconds: 30 };
    },
    async replaceRecord(seen, address, signal) {
      signal.throwIfAborted();
      const { region, identifier } = world.databases.find((each) => each.address === address) ?? {};
      act(`name ${identifier} ${region}`);
      if (seen?.value !== world.recordTarget)
        throw Object.assign(new Error("other values"), { name: "InvalidChangeBatch" });
      world.recordTarget = address;
    },
    async writeThroughApplication(region, _mark, signal) {
      await reach(region, signal);
      const target = world.databases.find(({ address }) => address === world.recordTarget);
      if (!target || refuses(target)) throw new Error("the application was refused");
      act(`application-write ${region}`);
    },
    async publishName(signal) {
      await reach(west, signal);
      act("publish");
      world.publishesLate -= 1;
      return world.publishesLate >= 0 ? "" : world.outputs.recordRegion;
    },
    async secret(region, signal, kind) {
      await reach(region, signal);
      return secretsOf(world, kind).get(region);
    },
    async copySecretValue(from, to, signal, kind) {
      await reach(to, signal);
      act(`copy-${nameOf(kind)} ${from} ${to}`);
      const secrets = secretsOf(world, kind);
      const versionId = secrets.get(from)?.versionId;
      const now = secrets.get(to);
      if (now) secrets.set(to, { ...now, versionId });
    },
    async replicateSecret(from, to, { overwrite }, signal, kind) {
      await reach(from, signal);
      act(`replicate-${nameOf(kind)} ${from} ${to}${overwrite ? " overwrite" : ""}`);
      const secrets = secretsOf(world, kind);
      const [here, there] = [secrets.get(from), secrets.get(to) ?? secretOf(to)];
      if (!here) return;
      secrets.set(from, { ...here, replication: [{ region: to, status: "InSync" }] });
      secrets.set(to, { ...there, versionId: here.versionId, primaryRegion: from });
    },
  };
}

function answerTo(
  world: World,
  request: Parameters<Actions["ask"]>[1],
  target: LiveDatabase | undefined,
  refuses: (database: LiveDatabase) => boolean,
): unknown {
  if (target && world.lockedOut.has(target.arn) && ["canary", "database"].includes(request.ask))
    return { ok: false, failure: { code: "access-denied", message: "it refuses every version" } };
  switch (request.ask) {
    case "secret":
      return { ok: true, answer: { versionId: "v1", host: "db.orders.internal", username: "a" } };
    case "resolve":
      return { ok: true, answer: { target: world.recordTarget, ttlSeconds: 5 } };
    case "canary":
      return target && refuses(target)
        ? { ok: false, failure: { code: "read-only", message: "it refuses writes", errno: 1290 } }
        : { ok: true, answer: { transactions: "", milliseconds: 1 } };
    case "database":
      return { ok: true, answer: insideOf(world, target) };
    case "wait-for-transactions": {
      // The replica catches up with what it is asked for, unless it does not replicate.
      const own = world.transactions.get(target?.arn ?? "") ?? "";
      if (world.lagSeconds !== null)
        world.transactions.set(target?.arn ?? "", request.transactions);
      const now = world.transactions.get(target?.arn ?? "") ?? own;
      const missing = missingTransactions(
        parseTransactions(request.transactions),
        parseTransactions(now),
      );
      return { ok: true, answer: { reached: missing.size === 0, transactions: now } };
    }
    case "diverged-writes":
      return {
        ok: true,
        answer: { writes: world.diverged, truncated: false, complete: true },
      };
    case "enable-events":
      return { ok: true, answer: { enabled: request.events } };
    case "heartbeat":
      return { ok: true, answer: { wrote: false, recorded: false } };
  }
}

const insideOf = (world: World, target: LiveDatabase | undefined): DatabaseAnswer => ({
  product: "mysql",
  version: "8.4.5",
  serverUuid: uuid,
  readOnly: false,
  transactions: world.transactions.get(target?.arn ?? "") ?? "",
  ...(target?.sourceArn === undefined
    ? {}
    : {
        replication: {
          sourceHost: "source",
          receiving: world.lagSeconds !== null,
          applying: world.lagSeconds !== null,
          lagSeconds: world.lagSeconds,
        },
      }),
  heartbeat: { region: east, writtenAt: "2026-11-24T03:12:40.000Z" },
  acceptedVersionId: "v1",
  disabledEvents: [{ schema: "orders", name: "nightly" }],
  binaryLogRetentionHours: 168,
});

/** The program in a few lines: what the flags ask for, done to the world. */
function fakeEngine(pair: FakePair, act: (what: string) => void, folder: string): Engine {
  const { world } = pair;
  const wanted = async (stack: string) => {
    const flags = await readFlags(folder, stack);
    const region = stack === "prod-east" ? east : west;
    const newest = world.databases.filter((each) => each.region === region).at(-1);
    return { flags, region, newest };
  };
  const targetOf = async () => {
    const { flags, newest } = await wanted("prod-west");
    if (flags.failover === "true" || flags.readOnlyFailover === "true") return newest;
    const home = world.databases.filter((each) => each.region === east).at(-1);
    const isReturn = newest?.sourceArn === undefined && world.outputs.recordRegion === west;
    return isReturn && flags.fenced !== "true" ? newest : home;
  };
  const planned = async (stack: string): Promise<PlannedOperation[]> => {
    const target = await targetOf();
    const moves = stack === "prod-west" && target?.address !== world.recordTarget;
    const { flags, region } = await wanted(stack);
    const builds =
      flags.replicateFrom !== undefined &&
      !world.databases.some(
        (each) => each.region === region && each.sourceArn === flags.replicateFrom,
      ) &&
      !pair.world.databases.some(
        (each) => each.region === region && each.generation > 1 && each.promotionRequested,
      );
    const type = "aws:route53/record:Record";
    return [
      ...pair.drift,
      ...(moves
        ? [{ operation: "update", type, urn: "a::b::c::record", changed: ["records"] }]
        : []),
      ...(builds
        ? [
            {
              operation: "create",
              type: "aws:rds/instance:Instance",
              urn: "a::b::c::database-2",
              changed: [],
            },
          ]
        : []),
    ];
  };
  return {
    outputs: async (stack) => {
      const { newest } = await wanted(stack);
      return { ...world.outputs, database: { identifier: newest?.identifier } };
    },
    state: async () => ({
      resources: [{ urn: "urn:database-1", type: "aws:rds/instance:Instance", id: "db-1" }],
      pendingOperations: pair.pending.map(({ urn }) => ({ urn, operation: "creating" })),
    }),
    pendingCreations: async () => [...pair.pending],
    async settleCreations(stack, ids) {
      act(`settle ${stack} ${[...ids].map((pairOfTexts) => pairOfTexts.join(" ")).join(", ")}`);
      pair.pending.length = 0;
    },
    // Reads into the state, which is nobody's database: not among what was done.
    refresh: async (stack) => pair.onAct(`refresh ${stack}`),
    preview: (stack) => planned(stack),
    async up(stack) {
      const { flags, region, newest } = await wanted(stack);
      const builds = (await planned(stack)).some(({ operation }) => operation === "create");
      act(`up ${stack}`);
      if (flags.fenced === "true" && newest) world.readOnly.set(newest.arn, "1");
      if (builds && newest) {
        const next = database(region, {
          generation: newest.generation + 1,
          sourceArn: flags.replicateFrom,
        });
        world.readOnly.set(newest.arn, "1");
        world.databases.push(next);
        world.transactions.set(next.arn, "");
      }
      if (stack !== "prod-west") return;
      const target = await targetOf();
      world.recordTarget = target?.address ?? world.recordTarget;
      const here = world.databases.filter((each) => each.region === west).at(-1);
      world.outputs = {
        recordRegion: target?.region ?? east,
        databaseMode: here?.sourceArn === undefined ? "standalone" : "replica",
      };
    },
    cancel: async (stack) => act(`cancel ${stack}`),
  };
}
