/*
 * Sets of transactions by their global identifiers. Loss, divergence and "caught up" are differences of such sets; the lag is only a
 * time. MySQL writes them as `uuid:1-5:7,uuid:1-3`, MariaDB as the last `domain-server-sequence` of each server of a domain.
 */

/** First to last sequence number, both included. */
type Interval = readonly [first: number, last: number];

/** By origin: the server's UUID (MySQL, with a tag where there is one) or `domain-server` (MariaDB). */
export type Transactions = ReadonlyMap<string, readonly Interval[]>;

const mysqlOrigin = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const mariadbPosition = /^(\d+)-(\d+)-(\d+)$/;

/**
 * Reads MySQL's `gtid_executed` or MariaDB's `gtid_binlog_state`. The empty text is the empty set.
 *
 * @throws TypeError when it is neither; the text is public and named in the message.
 */
export function parseTransactions(text: string): Transactions {
  const sets = new Map<string, Interval[]>();
  for (const part of text.split(",").map((each) => each.trim().toLowerCase())) {
    if (part === "") continue;
    const position = mariadbPosition.exec(part);
    if (position) {
      const [, domain, server, sequence] = position;
      add(sets, `${domain}-${server}`, [1, Number(sequence)]);
    } else addMySql(sets, part);
  }
  return new Map([...sets].map(([origin, intervals]) => [origin, merged(intervals)]));
}

function addMySql(sets: Map<string, Interval[]>, part: string): void {
  const [uuid = "", ...rest] = part.split(":");
  if (!mysqlOrigin.test(uuid) || rest.length === 0) throw notASet(part);
  let origin = uuid;
  for (const piece of rest) {
    // MySQL 8.3 and later: a tag applies to the intervals after it.
    if (/^[a-z_][a-z0-9_]{0,31}$/.test(piece)) {
      origin = `${uuid}:${piece}`;
      continue;
    }
    const [first, last = first, ...more] = piece.split("-").map(Number);
    if (first === undefined || last === undefined || more.length > 0) throw notASet(part);
    if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last) || first < 1 || last < first)
      throw notASet(part);
    add(sets, origin, [first, last]);
  }
}

const notASet = (part: string): TypeError =>
  new TypeError(`${JSON.stringify(part)} is not a set of global transaction identifiers`);

function add(sets: Map<string, Interval[]>, origin: string, interval: Interval): void {
  const known = sets.get(origin);
  if (known) known.push(interval);
  else sets.set(origin, [interval]);
}

function merged(intervals: readonly Interval[]): readonly Interval[] {
  const sorted = [...intervals].sort(([one], [other]) => one - other);
  const result: Interval[] = [];
  for (const [first, last] of sorted) {
    const before = result.at(-1);
    if (before && first <= before[1] + 1)
      result[result.length - 1] = [before[0], Math.max(before[1], last)];
    else result.push([first, last]);
  }
  return result;
}

/** What is in `of` and not in `known`. */
export function missingTransactions(of: Transactions, known: Transactions): Transactions {
  const missing = new Map<string, readonly Interval[]>();
  for (const [origin, intervals] of of) {
    const left = intervals.flatMap((interval) => without(interval, known.get(origin) ?? []));
    if (left.length > 0) missing.set(origin, left);
  }
  return missing;
}

function without(interval: Interval, known: readonly Interval[]): readonly Interval[] {
  let left: readonly Interval[] = [interval];
  for (const [knownFirst, knownLast] of known)
    left = left.flatMap(([first, last]): Interval[] => {
      if (knownLast < first || knownFirst > last) return [[first, last]];
      const pieces: Interval[] = [];
      if (first < knownFirst) pieces.push([first, knownFirst - 1]);
      if (last > knownLast) pieces.push([knownLast + 1, last]);
      return pieces;
    });
  return left;
}

export const countTransactions = (transactions: Transactions): number =>
  [...transactions.values()].flat().reduce((count, [first, last]) => count + last - first + 1, 0);
