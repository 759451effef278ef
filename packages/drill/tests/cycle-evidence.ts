import type { Evidence } from "../src/evidence.ts";
import type { WriteAttempt } from "../src/history.ts";
import { goodEvidence, lossAt, primaryRegion, recoveryRegion, write } from "./good-evidence.ts";

const firstEast = `orders-prod-1 in ${primaryRegion}`;
const firstWest = `orders-prod-1 in ${recoveryRegion}`;
const secondEast = `orders-prod-2 in ${primaryRegion}`;
const secondWest = `orders-prod-2 in ${recoveryRegion}`;

const taken = (attempt: WriteAttempt, database: string): WriteAttempt => ({ ...attempt, database });
const second = (seconds: number): number => lossAt + seconds * 1000;

/** A whole course in which all went well: one write was lost with the first loss. */
export const cycleEvidence = (): Evidence => {
  const good = goodEvidence();
  return {
    ...good,
    attempts: [
      ...good.attempts.map((attempt) =>
        attempt.kind === "write" && attempt.orderId !== undefined
          ? taken(attempt, attempt.region === primaryRegion ? firstEast : firstWest)
          : attempt,
      ),
      taken(write("w3", recoveryRegion, 19_990), firstWest),
      write(undefined, recoveryRegion, 21_000, "key-e4"),
      taken(write("e4", primaryRegion, 22_190), secondEast),
      taken(write("w4", recoveryRegion, 37_000), secondWest),
    ],
    firstFailoverAt: second(8),
    lags: [
      ...[-1, -0.5].map((at) => ({ database: firstWest, at: second(at), lagSeconds: 0 })),
      { database: firstWest, at: second(1), lagSeconds: null },
      ...[14, 16, 18].map((at) => ({ database: secondEast, at: second(at), lagSeconds: 1 })),
      ...[26, 28].map((at) => ({ database: secondWest, at: second(at), lagSeconds: 0 })),
    ],
    phases: [
      ...good.phases,
      {
        name: "Switch over: the writes go back to us-east-1",
        startedAt: new Date(second(20)).toISOString(),
        seconds: 2,
      },
    ],
    course: {
      moves: [
        {
          kind: "failover",
          from: primaryRegion,
          to: recoveryRegion,
          source: "orders-prod-1",
          target: "orders-prod-1",
          startedAt: lossAt,
          endedAt: second(6.4),
        },
        {
          kind: "switchover",
          from: recoveryRegion,
          to: primaryRegion,
          source: "orders-prod-1",
          target: "orders-prod-2",
          startedAt: second(20),
          endedAt: second(22),
        },
        {
          kind: "failover",
          from: primaryRegion,
          to: recoveryRegion,
          source: "orders-prod-2",
          target: "orders-prod-2",
          startedAt: second(30),
          endedAt: second(36),
        },
      ],
      faults: [
        { region: primaryRegion, mode: "hang", startedAt: lossAt, endedAt: second(10) },
        { region: primaryRegion, mode: "hang", startedAt: second(30) },
      ],
      secretReadings: [
        {
          reader: "store",
          region: recoveryRegion,
          versionId: "v1",
          startedAt: second(9),
          endedAt: second(9.1),
        },
      ],
      repeated: [{ stack: "prod-west", changed: false }],
      missing: ["e3"],
      reportedDataLossSeconds: 0.02,
    },
  };
};
