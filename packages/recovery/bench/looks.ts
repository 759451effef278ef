import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { openSession, probeOf, type Session } from "../src/index.ts";

/**
 * Run as a process of its own with the local cloud's environment: how long a look at both Regions takes, and each of its calls alone.
 * Prints one JSON document; with the argument `dark` only the looks, because a call of a dark Region has no end.
 */

const rounds = 15;
const { signal } = new AbortController();

async function medianMilliseconds(work: () => Promise<unknown>): Promise<number> {
  const spent: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await work();
    spent.push(performance.now() - began);
  }
  return spent.sort((one, other) => one - other)[Math.floor(rounds / 2)] ?? Number.NaN;
}

/** What `observe` asks of one Region, one call at a time. */
function callsOf({ deployment, clients }: Session, role: "primary" | "recovery") {
  const outputs = deployment[role];
  const { region, database, secretArn } = outputs;
  const { rds, secretsManager } = clients.in(region);
  const probe = probeOf(deployment.service, outputs, clients.in(region));
  return {
    [`${region} rds:DescribeDBInstances`]: () => rds.send(new DescribeDBInstancesCommand({})),
    [`${region} secretsmanager:DescribeSecret`]: () =>
      secretsManager.send(new DescribeSecretCommand({ SecretId: secretArn })),
    [`${region} probe: secret`]: () => probe.ask({ ask: "secret" }, signal),
    [`${region} probe: database`]: () =>
      probe.ask({ ask: "database", address: database.address }, signal),
    [`${region} probe: resolve`]: () =>
      probe.ask({ ask: "resolve", host: deployment.databaseHostName }, signal),
  };
}

using session = await openSession({ signal });
const look = () => session.observe(signal);
// Connections are made and functions are warm by then, as for the second look of a `status --watch`.
await look();
const { zoneId } = session.deployment;
const calls: Readonly<Record<string, () => Promise<unknown>>> =
  process.argv[2] === "dark"
    ? {}
    : {
        ...callsOf(session, "primary"),
        ...callsOf(session, "recovery"),
        "route53:ListResourceRecordSets": () =>
          session.clients.route53.send(
            new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, MaxItems: 1 }),
          ),
      };
const alone: Record<string, number> = {};
for (const [name, call] of Object.entries(calls)) alone[name] = await medianMilliseconds(call);
process.stdout.write(
  JSON.stringify({ lookMilliseconds: await medianMilliseconds(look), aloneMilliseconds: alone }),
);
