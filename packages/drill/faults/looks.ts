import { Resolver } from "node:dns/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { OrdersApiError, type OrdersClient } from "../src/orders-client.ts";
import type { FaultPair } from "./fault-pair.ts";

/** The part of `standby status --json` that the scenarios judge. */
export interface SeenStatus {
  readonly verdict: string;
  readonly activeRegion: string | null;
  readonly codes: readonly string[];
  readonly messages: readonly string[];
  readonly regions: Readonly<
    Record<
      string,
      {
        readonly reachable: boolean;
        readonly databases:
          | readonly {
              readonly identifier: string;
              readonly mode: string;
              readonly writable: boolean | null;
              readonly fenced: boolean;
              readonly replicationLagSeconds: number | null;
            }[]
          | null;
      }
    >
  >;
  /** All of it, to look for what must not be shown. */
  readonly text: string;
  readonly seconds: number;
}

export async function lookAt(pair: FaultPair): Promise<SeenStatus> {
  const { stdout, exitCode, seconds } = await pair.standby("status", "--json");
  if (exitCode !== 0) throw new Error(`standby status ended with ${exitCode}`);
  const status = JSON.parse(stdout) as Pick<SeenStatus, "verdict" | "activeRegion" | "regions"> & {
    readonly findings: readonly { readonly code: string; readonly message: string }[];
  };
  return {
    ...status,
    codes: status.findings.map(({ code }) => code),
    messages: status.findings.map(({ message }) => message),
    text: stdout,
    seconds,
  };
}

/** Looks until it holds; the last look, whether it held or not. */
export async function lookUntil(
  pair: FaultPair,
  holds: (status: SeenStatus) => boolean,
  seconds = 30,
): Promise<SeenStatus> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const status = await lookAt(pair);
    if (holds(status) || performance.now() > end) return status;
    await sleep(250);
  }
}

export interface SeenCheck {
  readonly result: string;
  readonly detail: string;
}

/** One line of `standby preflight`, which asks by the application's own role from inside the Region. */
export async function preflightLine(
  pair: FaultPair,
  id: string,
): Promise<SeenCheck & { readonly exitCode: number }> {
  const { stdout, exitCode } = await pair.standby("preflight", "--json", "--no-previews");
  const { checks } = JSON.parse(stdout) as {
    readonly checks: readonly (SeenCheck & { readonly id: string })[];
  };
  const found = checks.find((check) => check.id === id);
  if (!found) throw new Error(`standby preflight has no check ${id}`);
  return { ...found, exitCode };
}

const orderSeconds = 20;

/** What a client of the application is told: `taken`, or the class of the refusal. */
export async function write(client: OrdersClient): Promise<string> {
  try {
    await client.create(crypto.randomUUID(), AbortSignal.timeout(orderSeconds * 1000));
    return "taken";
  } catch (error) {
    if (error instanceof OrdersApiError) return error.message;
    return error instanceof Error ? error.name : "an error without a name";
  }
}

/** Writes until the answer holds; the last answer. Functions keep what they know for a while. */
export async function writeUntil(
  client: OrdersClient,
  holds: (answer: string) => boolean,
  seconds = 30,
): Promise<string> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await write(client);
    if (holds(answer) || performance.now() > end) return answer;
    await sleep(250);
  }
}

/** Region and identifier that the CNAME names by DNS, or the resolver's code. */
export async function recordTarget({ cloud, hostName }: FaultPair): Promise<string> {
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([`${cloud.dnsServer.address}:${cloud.dnsServer.port}`]);
  try {
    const [target = ""] = await resolver.resolveCname(hostName);
    return target;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

export async function recordTargetUntil(
  pair: FaultPair,
  target: string,
  seconds = 15,
): Promise<string> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const now = await recordTarget(pair);
    if (now === target || performance.now() > end) return now;
    await sleep(100);
  }
}

/** The operator's calls after this one, as `<region> <service>:<operation>`. */
export const callsAfter = ({ cloud }: FaultPair, after: number): readonly string[] =>
  cloud
    .calls({ after })
    .filter(({ principal }) => principal.endsWith("user/operator"))
    .map(({ region, service, operation }) => `${region} ${service}:${operation}`);

/** What a command said of its failure: the rest of its output is progress and what to type next. */
export const saidBy = (output: string): string => {
  const lines = output.trim().split("\n");
  return lines.find((line) => line.startsWith("standby: ")) ?? lines.at(-1) ?? "";
};
