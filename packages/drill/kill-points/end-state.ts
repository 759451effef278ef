import { Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type DBInstance, DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { operator } from "@standby/local-cloud";
import { parseRdsEndpoint } from "@standby/topology";
import type { FaultPair } from "../faults/fault-pair.ts";
import { writersOf } from "./writers.ts";

export interface SeenDatabase {
  /** `<identifier> in <region>` */
  readonly name: string;
  readonly region: string;
  readonly status: string;
  /** `<identifier> in <region>` of what it replicates from. */
  readonly source: string | undefined;
  /** By the server's own word; a Region that is lost has none. */
  readonly takesWrites: boolean;
}

/** What a pair is, asked of everything but the commands: RDS, the servers, DNS, Secrets Manager, the files, the engine. */
export interface EndState {
  readonly databases: readonly SeenDatabase[];
  /** `<identifier> in <region>` that the CNAME names. */
  readonly record: string;
  /** Current version of each Region's copy of the secret that can be asked. */
  readonly secretVersions: readonly string[];
  /** Of each stack file: the operating flags as texts. */
  readonly flags: Readonly<Record<Stack, Readonly<Record<string, string>>>>;
  /** Of each stack that can be asked: what an update would change, and what a killed one left open. */
  readonly unsettled: readonly string[];
}

export const stacks = { "us-east-1": "prod-east", "us-west-2": "prod-west" } as const;
export type Region = keyof typeof stacks;
type Stack = (typeof stacks)[Region];

export async function lookAtEnd(
  pair: FaultPair,
  administrator: string,
  regions: readonly Region[],
): Promise<EndState> {
  const [databases, record, secretVersions, flags] = await Promise.all([
    seenDatabases(pair, administrator, regions),
    recordOf(pair),
    Promise.all(regions.map((region) => secretVersion(pair, region))),
    flagsIn(pair.cloud.projectFolder),
  ]);
  const unsettled: string[] = [];
  for (const region of regions) unsettled.push(...(await unsettledIn(pair, stacks[region])));
  return { databases, record, secretVersions, flags, unsettled };
}

async function seenDatabases(
  { cloud }: FaultPair,
  administrator: string,
  regions: readonly Region[],
): Promise<readonly SeenDatabase[]> {
  const writers = await writersOf(cloud, administrator);
  const all = await Promise.all(
    regions.map(async (region) => {
      const client = new RDSClient({ region, endpoint: cloud.endpoint, credentials: operator });
      try {
        const { DBInstances = [] } = await client.send(new DescribeDBInstancesCommand({}));
        return await Promise.all(
          DBInstances.map((instance) => seenDatabase(cloud, region, instance, writers)),
        );
      } finally {
        client.destroy();
      }
    }),
  );
  return all.flat();
}

async function seenDatabase(
  { dnsServer }: FaultPair["cloud"],
  region: Region,
  instance: DBInstance,
  writers: readonly string[],
): Promise<SeenDatabase> {
  const source = instance.ReadReplicaSourceDBInstanceIdentifier || undefined;
  const addresses = await resolverOf(dnsServer)
    .resolve4(instance.Endpoint?.Address ?? "")
    .catch(() => []);
  return {
    name: `${instance.DBInstanceIdentifier} in ${region}`,
    region,
    status: instance.DBInstanceStatus ?? "unknown",
    source: source && nameOfArn(source),
    takesWrites: addresses.some((address) => writers.includes(address)),
  };
}

/** `arn:aws:rds:<region>:<account>:db:<identifier>` */
function nameOfArn(arn: string): string {
  const [, , , region, , , identifier] = arn.split(":");
  return `${identifier} in ${region}`;
}

function resolverOf({ address, port }: FaultPair["cloud"]["dnsServer"]): Resolver {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([`${address}:${port}`]);
  return resolver;
}

async function recordOf({ cloud, hostName }: FaultPair): Promise<string> {
  try {
    const [target = ""] = await resolverOf(cloud.dnsServer).resolveCname(hostName);
    const endpoint = parseRdsEndpoint(target);
    return endpoint ? `${endpoint.identifier} in ${endpoint.region}` : target;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

async function secretVersion({ cloud, secretId }: FaultPair, region: Region): Promise<string> {
  const client = new SecretsManagerClient({
    region,
    endpoint: cloud.endpoint,
    credentials: operator,
  });
  try {
    const { VersionIdsToStages = {} } = await client.send(
      new DescribeSecretCommand({ SecretId: secretId.replace(/us-[a-z]+-\d/, region) }),
    );
    const current = Object.entries(VersionIdsToStages).find(([, stages]) =>
      stages.includes("AWSCURRENT"),
    );
    return current?.[0] ?? "none";
  } finally {
    client.destroy();
  }
}

const flagNames = ["failover", "readOnlyFailover", "fenced", "replicateFrom", "acceptDataLoss"];

async function flagsIn(folder: string): Promise<EndState["flags"]> {
  const read = async (stack: Stack) => {
    const text = await readFile(join(folder, `Pulumi.${stack}.yaml`), "utf8");
    return Object.fromEntries(
      flagNames.map((flag) => {
        const found = new RegExp(`^\\s+(?:standby:)?${flag}:\\s*"?([^"\\n]*)"?\\s*$`, "m");
        return [flag, found.exec(text)?.[1] ?? ""];
      }),
    );
  };
  return { "prod-east": await read("prod-east"), "prod-west": await read("prod-west") };
}

async function unsettledIn(pair: FaultPair, stack: Stack): Promise<readonly string[]> {
  const { stdout } = await pair.pulumi("stack", "export", "-s", stack);
  const { deployment } = JSON.parse(stdout) as {
    readonly deployment: { readonly pending_operations?: readonly { readonly type: string }[] };
  };
  const pending = (deployment.pending_operations ?? []).map(
    ({ type }) => `${stack} has a pending operation: ${type}`,
  );
  const { exitCode } = await pair.pulumi(
    "preview",
    "-s",
    stack,
    "--expect-no-changes",
    "--suppress-outputs",
  );
  return exitCode === 0
    ? pending
    : [...pending, `another update of ${stack} would change something`];
}
