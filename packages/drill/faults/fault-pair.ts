import { join } from "node:path";
import { type LocalCloud, operator, startLocalCloud } from "@standby/local-cloud";
import { type FoundDatabase, withSession } from "@standby/local-cloud/testing";
import type { DnsSwitch } from "@standby/topology";
import { execa } from "execa";
import { createOrdersClient, type OrdersClient } from "../src/orders-client.ts";
import { readStackOutputs } from "../src/stack-outputs.ts";

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  /** Progress and messages for people. */
  readonly stderr: string;
  readonly seconds: number;
}

type Work<Result> = Parameters<typeof withSession<Result>>[2];

/** Both stacks on a local cloud of their own, and everything that a fault is injected by. */
export interface FaultPair extends AsyncDisposable {
  readonly cloud: LocalCloud;
  readonly zoneId: string;
  readonly hostName: string;
  readonly secretId: string;
  /** Of the database that each Region had first. */
  readonly addresses: { readonly east: string; readonly west: string };
  readonly orders: { readonly east: OrdersClient; readonly west: OrdersClient };
  /** The command as a person types it, in a process of its own. */
  standby(...words: readonly string[]): Promise<Ended>;
  /** A program of ours in a process of its own, with the cloud's environment. */
  run(file: string, ...words: readonly string[]): Promise<Ended>;
  pulumi(...words: readonly string[]): Promise<Ended>;
  /** SQL as the server's administrator, whom RDS gives to nobody: how replication is broken. */
  sql<Result>(side: "east" | "west", work: Work<Result>): Promise<Result>;
}

const commandMilliseconds = 400_000;
const sqlMilliseconds = 120_000;
const commandLine = new URL("../../../apps/cli/src/standby.ts", import.meta.url).pathname;

export interface PairChoices {
  readonly database: FoundDatabase;
  /** How the name moves. */
  readonly dnsSwitch: DnsSwitch;
  /** Of the recovery stack, by path, besides what its file says. */
  readonly configuration?: Readonly<Record<string, string>>;
}

export async function deployFaultPair({
  database: { dialect },
  dnsSwitch,
  configuration = {},
}: PairChoices): Promise<FaultPair> {
  const cloud = await startLocalCloud({ database: dialect.kind });
  try {
    const run = runnerIn(cloud);
    const pulumi: FaultPair["pulumi"] = (...words) =>
      run("pulumi", [...words, "--non-interactive", "--color", "never"]);
    if (dnsSwitch !== "record")
      await pulumi("config", "set", "dnsSwitch", dnsSwitch, "-s", "prod-west");
    for (const [key, value] of Object.entries(configuration))
      await pulumi("config", "set", "--path", key, value, "-s", "prod-west");
    for (const stack of ["prod-east", "prod-west", "prod-east"]) {
      const { exitCode, stdout } = await pulumi("up", "-s", stack, "--yes", "--skip-preview");
      if (exitCode !== 0) throw new Error(`pulumi up -s ${stack} failed:\n${stdout}`);
    }
    const outputsOf = async (stack: string) =>
      readStackOutputs(stack, (await pulumi("stack", "output", "--json", "-s", stack)).stdout);
    const [east, west] = [await outputsOf("prod-east"), await outputsOf("prod-west")];
    const orders = {
      east: createOrdersClient(east, cloud.endpoint, operator),
      west: createOrdersClient(west, cloud.endpoint, operator),
    };
    return {
      cloud,
      pulumi,
      orders,
      zoneId: west.zoneId,
      hostName: west.databaseHostName,
      secretId: east.secretArn,
      addresses: { east: east.database.address, west: west.database.address },
      standby: (...words) => run(process.execPath, [commandLine, ...words]),
      run: (file, ...words) => run(process.execPath, [file, ...words]),
      sql: (side, work) =>
        withSession(
          {
            socketPath: join(cloud.folder, "databases", side === "east" ? "1.sock" : "2.sock"),
            username: dialect.administrator,
          },
          AbortSignal.timeout(sqlMilliseconds),
          work,
        ),
      async [Symbol.asyncDispose]() {
        orders.east.close();
        orders.west.close();
        await cloud.close();
      },
    };
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

const runnerIn =
  (cloud: LocalCloud) =>
  async (program: string, words: readonly string[]): Promise<Ended> => {
    const began = performance.now();
    const {
      exitCode = -1,
      stdout,
      stderr,
    } = await execa(program, words, {
      cwd: cloud.projectFolder,
      env: cloud.environment,
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      timeout: commandMilliseconds,
    });
    return { exitCode, stdout, stderr, seconds: (performance.now() - began) / 1000 };
  };
