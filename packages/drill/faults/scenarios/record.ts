import type { CnameChange } from "@standby/local-cloud/testing";
import { byHand } from "../by-hand.ts";
import type { FaultPair } from "../fault-pair.ts";
import { lookUntil, recordTargetUntil, write, writeUntil } from "../looks.ts";
import { observed, type Scenario } from "../scenario.ts";

/** What `docs/configuration.md` calls the default. */
const ttlSeconds = 30;

const change = (pair: FaultPair, action: CnameChange["action"], target: string): Promise<void> =>
  byHand(pair.cloud).changeCname({
    action,
    target,
    ttlSeconds,
    zoneId: pair.zoneId,
    name: pair.hostName,
  });

const giveBack = async (pair: FaultPair): Promise<void> => {
  await change(pair, "UPSERT", pair.addresses.east);
  await recordTargetUntil(pair, pair.addresses.east);
  await writeUntil(pair.orders.east, (answer) => answer === "taken");
};

export const recordDeleted: Scenario = {
  rows: [8],
  async run(pair) {
    await change(pair, "DELETE", pair.addresses.east);
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
      await giveBack(pair);
    }
  },
};

const stranger = "orders-prod-1.zzzzzz.us-east-1.rds.amazonaws.com";

export const recordOfStranger: Scenario = {
  rows: [11],
  async run(pair) {
    await change(pair, "UPSERT", stranger);
    try {
      const status = await lookUntil(pair, ({ codes }) => codes.includes("record-names-nobody"));
      const answer = await writeUntil(pair.orders.east, (each) => each !== "taken");
      return [
        observed(
          11,
          status.codes.includes("record-names-nobody") && answer === "HTTP 503 database-identity",
          `status: ${status.codes.join(", ")}`,
          `a write: ${answer}`,
        ),
      ];
    } finally {
      await giveBack(pair);
    }
  },
};

export const recordBeforePromotion: Scenario = {
  rows: [12],
  async run(pair) {
    await change(pair, "UPSERT", pair.addresses.west);
    try {
      const status = await lookUntil(pair, ({ codes }) => codes.includes("record-behind"));
      const answer = await writeUntil(pair.orders.east, (each) => each !== "taken");
      return [
        observed(
          12,
          status.codes.includes("record-behind") && answer === "HTTP 503 database-read-only",
          `status: ${status.verdict}, ${status.codes.join(", ")}`,
          `a write: ${answer}`,
        ),
      ];
    } finally {
      await giveBack(pair);
    }
  },
};
