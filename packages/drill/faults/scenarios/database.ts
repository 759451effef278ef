import { ByHandError } from "@standby/local-cloud/testing";
import { byHand } from "../by-hand.ts";
import type { FaultPair } from "../fault-pair.ts";
import { callsAfter, preflightLine, write, writeUntil } from "../looks.ts";
import { observed, type Scenario } from "../scenario.ts";

const identifier = "orders-prod-1";

async function groupOf({ cloud }: FaultPair, region: string): Promise<string> {
  const text = await byHand(cloud).rds(region, "DescribeDBInstances", {
    DBInstanceIdentifier: identifier,
  });
  return /<DBParameterGroupName>([^<]*)/.exec(text)?.[1] ?? "";
}

const parameter = "time_zone";

export const parametersDrift: Scenario = {
  rows: [47],
  async run(pair) {
    const { cloud } = pair;
    const group = { DBParameterGroupName: await groupOf(pair, "us-west-2") };
    const set = {
      "Parameters.Parameter.1.ParameterName": parameter,
      "Parameters.Parameter.1.ApplyMethod": "immediate",
    };
    await byHand(cloud).rds("us-west-2", "ModifyDBParameterGroup", {
      ...group,
      ...set,
      "Parameters.Parameter.1.ParameterValue": "US/Pacific",
    });
    try {
      const { result, detail } = await preflightLine(pair, "parameters");
      return [
        observed(47, result === "fail" && detail.includes(parameter), `preflight: ${detail}`),
      ];
    } finally {
      await byHand(cloud).rds("us-west-2", "ResetDBParameterGroup", { ...group, ...set });
    }
  },
};

/** After a failover: the engine deletes what nothing protects before it comes to what is protected. */
export const primaryDestroyed: Scenario = {
  rows: [44],
  isOneWay: true,
  async run(pair) {
    const { cloud } = pair;
    const after = cloud.calls().length;
    const destroyed = await pair.pulumi("destroy", "-s", "prod-east", "--yes", "--skip-preview");
    const wanted = callsAfter(pair, after).filter((call) =>
      /:(DeleteDBInstance|DeleteSecret|RemoveRegionsFromReplication|DeleteHostedZone|ScheduleKeyDeletion)$/.test(
        call,
      ),
    );
    const deleted = await byHand(cloud)
      .rds("us-east-1", "DeleteDBInstance", {
        DBInstanceIdentifier: identifier,
        SkipFinalSnapshot: "true",
      })
      .then(
        () => "accepted",
        (error: unknown) => (error instanceof ByHandError ? error.message : String(error)),
      );
    const answer = await write(pair.orders.west);
    return [
      observed(
        44,
        destroyed.exitCode !== 0 &&
          /protect/.test(destroyed.stdout + destroyed.stderr) &&
          wanted.length === 0 &&
          deleted !== "accepted" &&
          answer === "taken",
        `pulumi destroy ends with ${destroyed.exitCode} and asks for no deletion of database, secret, zone or key`,
        `${deleted}; a write in us-west-2 afterwards: ${answer}`,
      ),
    ];
  },
};

/** MariaDB takes no smaller number. */
const fewConnections = 10;
const noRoom = /^HTTP 503 database-(busy|unreachable)$/;

/** The application's own connections are ended and every place is taken: it has to come in anew. */
export const connectionsExhausted: Scenario = {
  rows: [46],
  async run(pair) {
    const before = await closeDoors(pair);
    const release = Promise.withResolvers<void>();
    const holders = Array.from({ length: fewConnections + 1 }, () =>
      pair
        .sql("east", async ({ query }) => {
          await query("SELECT 1");
          await release.promise;
        })
        // The last ones find no place: that is what they are for.
        .catch(() => undefined),
    );
    const openDoors = async (): Promise<void> => {
      release.resolve();
      await Promise.all(holders);
      await pair.sql("east", ({ query }) => query(`SET GLOBAL max_connections = ${before}`));
    };
    try {
      // The first one may still meet the connection that was ended.
      const answer = await writeUntil(pair.orders.east, (each) => noRoom.test(each), 10);
      await openDoors();
      const after = await writeUntil(pair.orders.east, (each) => each === "taken");
      return [
        observed(
          46,
          noRoom.test(answer) && after === "taken",
          `a write while every connection is taken: ${answer}; when they are free again: ${after}`,
        ),
      ];
    } finally {
      await openDoors();
    }
  },
};

/** Returns how many places there were. */
const closeDoors = (pair: FaultPair): Promise<number> =>
  pair.sql("east", async ({ query }) => {
    const [row] = await query("SELECT @@GLOBAL.max_connections AS places");
    await query(`SET GLOBAL max_connections = ${fewConnections}`);
    // The application comes from an address, the administrator by the socket.
    const others = await query(
      "SELECT id AS connection FROM information_schema.processlist WHERE host LIKE '127.%' AND command NOT LIKE 'Binlog Dump%'",
    );
    // One that has ended meanwhile is no loss.
    for (const { connection } of others)
      await query(`KILL ${Number(connection)}`).catch(() => undefined);
    return Number(row?.["places"]);
  });
