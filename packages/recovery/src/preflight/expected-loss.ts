import { countTransactions, missingTransactions, parseTransactions } from "@standby/topology";
import type { Picture } from "../picture.ts";

/** What a failover at this moment would give up. Each figure is null when nobody can say: never to be read as 0. */
export interface ExpectedLoss {
  /** That the primary Region's database has and the replica lacks, by their global identifiers. */
  readonly transactions: number | null;
  /** Age of the newest heartbeat row on the replica: writes younger than this may be missing. */
  readonly heartbeatAgeSeconds: number | null;
  /** By the replication's own word. */
  readonly lagSeconds: number | null;
  readonly summary: string;
}

export function expectedLoss(
  { current }: Picture,
  {
    primaryRegion,
    recoveryRegion,
  }: { readonly primaryRegion: string; readonly recoveryRegion: string },
  at: Date,
): ExpectedLoss {
  const inside = (region: string) => {
    const database = current.find((each) => each.region === region);
    return database?.inside.seen ? database.inside.value : undefined;
  };
  const [source, replica] = [inside(primaryRegion), inside(recoveryRegion)];
  const transactions =
    source && replica ? lacking(source.transactions, replica.transactions) : null;
  const written = replica?.heartbeat?.writtenAt;
  const heartbeatAgeSeconds =
    written === undefined
      ? null
      : Math.max(0, Math.round((at.getTime() - Date.parse(written)) / 1000));
  const figures = {
    transactions,
    heartbeatAgeSeconds,
    lagSeconds: replica?.replication?.lagSeconds ?? null,
  };
  return { ...figures, summary: summaryOf(figures) };
}

/** Null for texts that are no sets: then nothing is known. */
function lacking(source: string, replica: string): number | null {
  try {
    return countTransactions(
      missingTransactions(parseTransactions(source), parseTransactions(replica)),
    );
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function summaryOf({
  transactions,
  heartbeatAgeSeconds,
  lagSeconds,
}: Omit<ExpectedLoss, "summary">): string {
  const heartbeat =
    heartbeatAgeSeconds === null ? [] : [`its newest heartbeat is ${heartbeatAgeSeconds} s old`];
  const lag = lagSeconds === null ? [] : [`it says that it is ${lagSeconds} s behind`];
  if (transactions === 0)
    return ["the replica has every transaction of the source", ...heartbeat].join("; ");
  if (transactions !== null)
    return [
      `the replica lacks ${transactions} ${transactions === 1 ? "transaction" : "transactions"} of the source`,
      ...lag,
      ...heartbeat,
    ].join("; ");
  const known = [...lag, ...heartbeat];
  return known.length > 0
    ? `not countable while the source does not answer; of the replica, ${known.join("; ")}`
    : "unknown: neither the source nor the replica could be asked";
}
