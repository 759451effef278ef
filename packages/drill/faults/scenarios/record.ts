import { byHand } from "../by-hand.ts";
import type { FaultPair } from "../fault-pair.ts";
import { lookUntil, recordTargetUntil, type SeenStatus, write, writeUntil } from "../looks.ts";
import { observed, type Scenario } from "../scenario.ts";

/** The name's record sets: one, or with `dnsSwitch: health-check` two. */
const setsOf = (pair: FaultPair): Promise<readonly string[]> =>
  byHand(pair.cloud).recordSets(pair.zoneId, pair.hostName);

const change = (
  pair: FaultPair,
  action: "UPSERT" | "DELETE",
  sets: readonly string[],
): Promise<void> =>
  byHand(pair.cloud).changeRecordSets(
    pair.zoneId,
    sets.map((set) => ({ action, set })),
  );

const giveBack = async (pair: FaultPair, sets: readonly string[]): Promise<void> => {
  await change(pair, "UPSERT", sets);
  await recordTargetUntil(pair, pair.addresses.east);
  await writeUntil(pair.orders.east, (answer) => answer === "taken");
};

export const recordDeleted: Scenario = {
  rows: [8],
  async run(pair) {
    const sets = await setsOf(pair);
    await change(pair, "DELETE", sets);
    try {
      const absent = await recordTargetUntil(pair, "ENOTFOUND");
      const status = await lookUntil(pair, ({ codes }) =>
        codes.some((code) => code.startsWith("record-")),
      );
      const answer = await write(pair.orders.east);
      const { exitCode } = await pair.pulumi(
        ...["up", "-s", "prod-west", "--refresh", "--yes", "--skip-preview"],
      );
      const target = await recordTargetUntil(pair, pair.addresses.east);
      return [
        observed(
          8,
          status.codes.some((code) => code.startsWith("record-")) &&
            (answer === "taken" || answer.startsWith("HTTP 503")) &&
            exitCode === 0 &&
            target === pair.addresses.east,
          `DNS: ${absent}; status: ${status.codes.join(", ")}; a write meanwhile: ${answer}`,
          `up --refresh ends with ${exitCode}, the CNAME names ${target}`,
        ),
      ];
    } finally {
      await giveBack(pair, sets);
    }
  },
};

const stranger = "orders-prod-1.zzzzzz.us-east-1.rds.amazonaws.com";

/** Somebody writes another address into the record that is answered. */
async function underAddress(
  pair: FaultPair,
  address: string,
  code: string,
): Promise<{ readonly status: SeenStatus; readonly answer: string }> {
  const sets = await setsOf(pair);
  const changed = sets
    .filter((set) => set.includes(pair.addresses.east))
    .map((set) => set.replace(pair.addresses.east, address));
  await change(pair, "UPSERT", changed);
  try {
    const status = await lookUntil(pair, ({ codes }) => codes.includes(code));
    return { status, answer: await writeUntil(pair.orders.east, (each) => each !== "taken") };
  } finally {
    await giveBack(pair, sets);
  }
}

export const recordOfStranger: Scenario = {
  rows: [11],
  async run(pair) {
    const { status, answer } = await underAddress(pair, stranger, "record-names-nobody");
    return [
      observed(
        11,
        status.codes.includes("record-names-nobody") && answer === "HTTP 503 database-identity",
        `status: ${status.codes.join(", ")}`,
        `a write: ${answer}`,
      ),
    ];
  },
};

export const recordBeforePromotion: Scenario = {
  rows: [12],
  async run(pair) {
    const { status, answer } = await underAddress(pair, pair.addresses.west, "record-behind");
    return [
      observed(
        12,
        status.codes.includes("record-behind") && answer === "HTTP 503 database-read-only",
        `status: ${status.verdict}, ${status.codes.join(", ")}`,
        `a write: ${answer}`,
      ),
    ];
  },
};
