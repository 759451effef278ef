import { randomUUID } from "node:crypto";
import type { Clock } from "./clock.ts";
import { RecoveryError, RefusedError } from "./errors.ts";
import type { Operation } from "./observation.ts";
import { isGone, type Owner, ownerText } from "./owner.ts";
import {
  absent,
  type ObjectStore,
  type StoredObject,
  WriteConflictError,
} from "./recovery-bucket.ts";

/*
 * One operation at a time for a pair, whoever starts it and wherever: an object of the recovery bucket that only one conditional write
 * can take. It is renewed while its owner lives, so that a dead one's can be taken over.
 */

const lockKey = "lock.json";
const lifetimeSeconds = 60;
const renewalSeconds = 20;
/** A write in vain ends the operation while the lock is still valid, not after. */
const marginSeconds = 10;

interface LockRecord {
  readonly schema: "standby.lock/1";
  readonly id: string;
  readonly kind: Operation["kind"];
  readonly owner: Owner;
  readonly since: string;
  readonly expiresAt: string;
  /** Ended in an orderly way; the object stays, because its deletion could not be conditional. */
  readonly released: boolean;
}

export interface LockTools {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly owner: Owner;
  readonly isGone?: (owner: Owner) => boolean;
}

/** The pair is this process's until `release`. */
export interface HeldLock {
  readonly id: string;
  readonly since: string;
  /** The operation of a dead owner that this one took the place of. */
  readonly takenFrom: Operation | undefined;
  /** Aborts when the lock was lost, or could not be renewed in time: from then on somebody else may act. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/** Who operates the pair now, for those who only look. */
export async function currentOperation(
  { store, clock, isGone: gone = isGone }: Omit<LockTools, "owner">,
  signal: AbortSignal,
): Promise<Operation | undefined> {
  const stored = await store.read(lockKey, signal);
  const record = stored && parse(stored);
  return record && !record.released ? operationOf(record, clock, gone) : undefined;
}

/**
 * Takes the lock, or says who has it.
 *
 * @throws RefusedError while another operation is under way; it names the owner and since when.
 */
export async function takeLock(
  kind: Operation["kind"],
  tools: LockTools,
  signal: AbortSignal,
): Promise<HeldLock> {
  const { store, clock } = tools;
  const stored = await store.read(lockKey, signal);
  const before = stored && parse(stored);
  if (stored && before && !before.released) await proveDead(stored, before, tools, signal);
  const record = newRecord(kind, tools);
  try {
    const version = await store.write(
      lockKey,
      JSON.stringify(record),
      stored?.version ?? absent,
      signal,
    );
    const takenFrom =
      before && !before.released ? operationOf(before, clock, () => true) : undefined;
    return hold(record, version, takenFrom, tools);
  } catch (error) {
    if (!(error instanceof WriteConflictError)) throw error;
    const winner = await currentOperation(tools, signal);
    throw winner
      ? underWay(winner)
      : new RefusedError(
          "Another operation on this pair began at the same moment and has ended.",
          [],
          ["standby status"],
        );
  }
}

function newRecord(kind: Operation["kind"], { clock, owner }: LockTools): LockRecord {
  return {
    schema: "standby.lock/1",
    id: randomUUID().slice(0, 8),
    kind,
    owner,
    since: new Date(clock.now()).toISOString(),
    expiresAt: expiry(clock),
    released: false,
  };
}

const expiry = (clock: Clock): string =>
  new Date(clock.now() + lifetimeSeconds * 1000).toISOString();

/**
 * A process of this machine is known to be gone. Of another machine only the silence is known, and two clocks may differ by more than
 * the lock's lifetime: an expired lock is watched for as long as its owner would need to renew it.
 */
async function proveDead(
  stored: StoredObject,
  record: LockRecord,
  { store, clock, isGone: gone = isGone }: LockTools,
  signal: AbortSignal,
): Promise<void> {
  if (gone(record.owner)) return;
  if (Date.parse(record.expiresAt) > clock.now()) throw underWay(operationOf(record, clock, gone));
  await clock.sleep((renewalSeconds + 5) * 1000, signal);
  const again = await store.read(lockKey, signal);
  if (again?.version === stored.version) return;
  const now = again && parse(again);
  throw underWay(operationOf(now ?? record, clock, gone));
}

function hold(
  first: LockRecord,
  firstVersion: string,
  takenFrom: Operation | undefined,
  { store, clock }: LockTools,
): HeldLock {
  const lost = new AbortController();
  const ended = new AbortController();
  let [record, version] = [first, firstVersion];
  const write = async (next: LockRecord, signal: AbortSignal) => {
    version = await store.write(lockKey, JSON.stringify(next), version, signal);
    record = next;
  };
  const renewing = renew(
    { clock, lost, ended: ended.signal, expiresAt: () => record.expiresAt },
    (signal) => write({ ...record, expiresAt: expiry(clock) }, signal),
  );
  return {
    id: first.id,
    since: first.since,
    takenFrom,
    signal: lost.signal,
    async release() {
      ended.abort();
      await renewing;
      // Whoever took it over is its owner now, and a store that does not answer lets it expire.
      if (!lost.signal.aborted)
        await write({ ...record, released: true }, AbortSignal.timeout(5_000)).catch(() => {});
    },
  };
}

interface Renewal {
  readonly clock: Clock;
  readonly lost: AbortController;
  readonly ended: AbortSignal;
  expiresAt(): string;
}

async function renew(
  { clock, lost, ended, expiresAt }: Renewal,
  write: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!ended.aborted && !lost.signal.aborted) {
    await clock.sleep(renewalSeconds * 1000, ended).catch(() => {});
    if (ended.aborted) return;
    try {
      await write(ended);
    } catch (error) {
      if (ended.aborted) return;
      const late = clock.now() > Date.parse(expiresAt()) - marginSeconds * 1000;
      if (error instanceof WriteConflictError || late)
        lost.abort(
          new RecoveryError(
            "The operation's lock was lost: somebody else may act on this pair now. Nothing more was done.",
            ["standby status", "standby history"],
            { cause: error },
          ),
        );
    }
  }
}

const underWay = ({ kind, owner, since }: Operation): RefusedError =>
  new RefusedError(
    `A ${kind} of this pair is under way: ${owner}, since ${since}.`,
    [],
    ["standby status --watch", "standby history"],
  );

const operationOf = (
  { id, kind, owner, since, expiresAt }: LockRecord,
  clock: Clock,
  gone: (owner: Owner) => boolean,
): Operation => ({
  id,
  kind,
  owner: ownerText(owner),
  since,
  expired: gone(owner) || Date.parse(expiresAt) <= clock.now(),
});

function parse({ text }: StoredObject): LockRecord {
  try {
    const record = JSON.parse(text) as LockRecord;
    if (record.schema === "standby.lock/1") return record;
  } catch {
    // Falls through to the error below.
  }
  throw new RecoveryError(
    `The lock object ${lockKey} of the recovery bucket is not one of this version.`,
    ["standby --version", "compare it with the version that the other operator runs"],
  );
}
