import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { account, addressOf, databaseArn } from "./mock-aws.ts";
import type { LiveDatabase, World } from "./stack-mocks.ts";

const root = resolve(import.meta.dirname, "../../..");

interface ProjectFile {
  readonly config: Readonly<Record<string, { readonly default?: unknown }>>;
}

interface StackFile {
  readonly config: Readonly<Record<string, unknown>>;
}

const asText = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

/** The committed configuration of a stack as the engine hands it over: the project's defaults, then the stack file. */
function committedConfig(stack: World["stack"]): Readonly<Record<string, string>> {
  const read = (name: string): unknown => parse(readFileSync(resolve(root, name), "utf8"));
  const project = read("Pulumi.yaml") as ProjectFile;
  const file = read(`Pulumi.${stack}.yaml`) as StackFile;
  const defaults = Object.entries(project.config)
    .filter(([, { default: value }]) => value !== undefined)
    .map(([key, { default: value }]) => [
      key.includes(":") ? key : `standby:${key}`,
      asText(value),
    ]);
  const own = Object.entries(file.config).map(([key, value]) => [key, asText(value)]);
  return Object.fromEntries([...defaults, ...own]);
}

/** `undefined` removes a key. */
export function configOf(
  stack: World["stack"],
  changes: Readonly<Record<string, string | undefined>> = {},
): Readonly<Record<string, string>> {
  const merged = Object.entries({ ...committedConfig(stack), ...changes });
  return Object.fromEntries(
    merged.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export const eastOutputs = {
  role: "primary",
  region: "us-east-1",
  service: "orders-prod",
  databaseHostName: "db.orders.internal",
  database: {
    identifier: "orders-prod-1",
    arn: databaseArn("orders-prod-1", "us-east-1"),
    address: addressOf("orders-prod-1", "us-east-1"),
    port: 3306,
  },
  secretArn: `arn:aws:secretsmanager:us-east-1:${account}:secret:orders-prod/database-AbCdEf`,
  functionName: "orders-prod-orders-api",
  zoneId: "Z123",
  vpcId: "vpc-0east",
  vpcCidr: "10.10.0.0/16",
  encryptionKeyArns: {
    "us-east-1": `arn:aws:kms:us-east-1:${account}:key/east`,
    "us-west-2": `arn:aws:kms:us-west-2:${account}:key/west`,
  },
} as const;

export const westOutputs = {
  role: "recovery",
  region: "us-west-2",
  peeringConnectionId: "pcx-0west",
  recordRegion: "us-east-1",
  databaseMode: "replica",
  recoveryBucket: `orders-prod-recovery-${account}-us-west-2`,
  database: {
    identifier: "orders-prod-1",
    arn: databaseArn("orders-prod-1", "us-west-2"),
    address: addressOf("orders-prod-1", "us-west-2"),
    port: 3306,
  },
  primary: eastOutputs,
} as const;

const path = (stack: World["stack"]): string => `organization/standby/${stack}`;

/** Nothing exists yet. */
export const firstEast = (changes?: Readonly<Record<string, string | undefined>>): World => ({
  stack: "prod-east",
  config: configOf("prod-east", changes),
});

/** Both stacks were deployed. */
export const laterEast = (changes?: Readonly<Record<string, string | undefined>>): World => ({
  ...firstEast(changes),
  databases: [{ identifier: "orders-prod-1" }],
  outputs: { [path("prod-east")]: eastOutputs, [path("prod-west")]: westOutputs },
});

/** The primary stack was deployed, this one never. */
export const firstWest = (changes?: Readonly<Record<string, string | undefined>>): World => ({
  stack: "prod-west",
  config: configOf("prod-west", changes),
  outputs: { [path("prod-east")]: eastOutputs },
});

export const replica: LiveDatabase = {
  identifier: "orders-prod-1",
  sourceArn: eastOutputs.database.arn,
};
/** Promoted by an update of this stack, whether or not that came to its end. */
export const standalone: LiveDatabase = {
  identifier: "orders-prod-1",
  tags: { "standby:origin": eastOutputs.database.arn, "standby:promotion": "requested" },
};
/** Promoted by somebody else. */
export const stray: LiveDatabase = {
  identifier: "orders-prod-1",
  tags: { "standby:origin": eastOutputs.database.arn },
};

/** Both stacks were deployed; the database is the replica unless told otherwise. */
export const laterWest = (
  changes?: Readonly<Record<string, string | undefined>>,
  database: LiveDatabase = replica,
): World => ({
  ...firstWest(changes),
  databases: [database],
  outputs: { [path("prod-east")]: eastOutputs, [path("prod-west")]: westOutputs },
});

/** As `laterWest`, after a failover that was carried out. */
export const failedOver = (
  changes?: Readonly<Record<string, string | undefined>>,
  databases: readonly LiveDatabase[] = [standalone],
): World => ({
  ...laterWest(changes),
  databases,
  outputs: {
    [path("prod-east")]: eastOutputs,
    [path("prod-west")]: {
      ...westOutputs,
      recordRegion: "us-west-2",
      databaseMode: "standalone",
    },
  },
});

/** As `laterWest`, with the primary's state out of reach. */
export const westAlone = (
  changes?: Readonly<Record<string, string | undefined>>,
  database?: LiveDatabase,
): World => ({
  ...laterWest(changes, database),
  outputs: { [path("prod-west")]: westOutputs },
});

/** Made as a replica of the recovery Region's database, and promoted. */
export const rebuiltEast: LiveDatabase = {
  identifier: "orders-prod-2",
  tags: { "standby:origin": westOutputs.database.arn },
};
export const rebuiltOutputs = {
  ...eastOutputs,
  database: {
    identifier: "orders-prod-2",
    arn: databaseArn("orders-prod-2", "us-east-1"),
    address: addressOf("orders-prod-2", "us-east-1"),
    port: 3306,
  },
} as const;

/** As `failedOver`, with the flag off and the fence up, and this in the primary Region. */
export const returning = (
  database: LiveDatabase,
  outputs: Readonly<Record<string, unknown>> = eastOutputs,
): World => {
  const world = failedOver({ "standby:fenced": "true" });
  return {
    ...world,
    primaryDatabases: [database],
    outputs: { ...world.outputs, [path("prod-east")]: outputs },
  };
};
