import type { DatabaseAnswer } from "@standby/topology";
import { exampleDeployment } from "../../src/findings/examples.ts";
import type {
  DatabaseObservation,
  Deployment,
  Observation,
  RegionObservation,
  SecretObservation,
  Seen,
} from "../../src/observation.ts";
import { primaryOutputs, recoveryOutputs } from "./outputs.ts";

export const deployment: Deployment = { ...exampleDeployment, recovery: recoveryOutputs };

export const seen = <Thing>(value: Thing) => ({ seen: true, value }) as const;
export const unreachable = {
  seen: false,
  problem: { kind: "unreachable", message: "no answer within 3 s" },
} as const;

export const answer = (more: Partial<DatabaseAnswer> = {}): DatabaseAnswer => ({
  product: "mysql",
  version: "8.4.5",
  serverUuid: "11111111-1111-1111-1111-111111111111",
  readOnly: false,
  transactions: "11111111-1111-1111-1111-111111111111:1-100",
  acceptedVersionId: "v1",
  disabledEvents: [],
  binaryLogRetentionHours: 24,
  ...more,
});

export const arn = (region: string, generation = 1): string =>
  `arn:aws:rds:${region}:123456789012:db:orders-prod-${generation}`;
export const address = (region: string, generation = 1): string =>
  generation === 1
    ? (region === "us-east-1" ? primaryOutputs : recoveryOutputs).database.address
    : `orders-prod-${generation}.${region === "us-east-1" ? "c1a2b3" : "d4e5f6"}.${region}.rds.amazonaws.com`;

export const database = (
  region: string,
  more: Partial<DatabaseObservation> = {},
): DatabaseObservation => {
  const generation = more.generation ?? 1;
  return {
    identifier: `orders-prod-${generation}`,
    generation,
    arn: arn(region, generation),
    address: address(region, generation),
    status: "available",
    mode: "standalone",
    sourceArn: undefined,
    promotionRequested: false,
    parameters: { "gtid-mode": "ON" },
    fenceInSync: false,
    backupRetentionDays: 7,
    preferredBackupWindow: "03:00-04:00",
    engineVersion: "8.4.5",
    deletionProtection: true,
    inside: seen(answer()),
    ...more,
  };
};

export const source = (more: Partial<DatabaseObservation> = {}): DatabaseObservation =>
  database("us-east-1", { mode: "source", ...more });

export const replicating = (more: Partial<DatabaseAnswer["replication"]> = {}) =>
  seen(
    answer({
      readOnly: true,
      replication: {
        sourceHost: "source",
        receiving: true,
        applying: true,
        lagSeconds: 0,
        ...more,
      },
    }),
  );

export const replica = (
  region = "us-west-2",
  more: Partial<DatabaseObservation> = {},
): DatabaseObservation =>
  database(region, {
    mode: "replica",
    sourceArn: arn(region === "us-west-2" ? "us-east-1" : "us-west-2"),
    inside: replicating(),
    ...more,
  });

const secret = (region: string, more: Partial<SecretObservation> = {}): SecretObservation => ({
  arn: (region === "us-east-1" ? primaryOutputs : recoveryOutputs).secretArn,
  versionId: "v1",
  pendingVersionId: undefined,
  rotationDueAt: undefined,
  primaryRegion: region === "us-east-1" ? undefined : "us-east-1",
  replication: region === "us-east-1" ? { "us-west-2": { status: "InSync", message: "" } } : {},
  keyArn: "arn:aws:kms:key",
  deleted: false,
  readable: seen({ versionId: "v1", host: "db.orders.internal" }),
  ...more,
});

const missing = {
  seen: false,
  problem: { kind: "failed", message: "m", errorName: "ResourceNotFoundException" },
} as const;

interface Parts {
  readonly east?: readonly DatabaseObservation[] | "dark";
  readonly west?: readonly DatabaseObservation[] | "dark";
  readonly eastSecret?: Partial<SecretObservation>;
  readonly westSecret?: Partial<SecretObservation> | "missing";
  /** The record's target; default: the primary Region's first database. */
  readonly target?: string;
  readonly answers?: { readonly east?: string; readonly west?: string };
  readonly record?: Observation["record"];
  readonly operation?: Observation["operation"];
  readonly flags?: Partial<Deployment["flags"]>;
}

/** A healthy pair, except for the parts that are given. */
export function observation(parts: Parts = {}): Observation {
  const target = parts.target ?? address("us-east-1");
  const region = (
    name: "us-east-1" | "us-west-2",
    databases: readonly DatabaseObservation[] | "dark",
    copy: Partial<SecretObservation> | "missing" | undefined,
    answered: string | undefined,
  ): RegionObservation => {
    const dark = databases === "dark";
    const part = <Thing>(value: Thing): Seen<Thing> => (dark ? unreachable : seen(value));
    return {
      region: name,
      role: name === "us-east-1" ? "primary" : "recovery",
      reachable: !dark,
      databases: dark ? unreachable : seen(databases),
      secret: copy === "missing" ? missing : part(secret(name, copy)),
      answer: part({ target: answered ?? target, ttlSeconds: 30 }),
    };
  };
  return {
    observedAt: "2026-11-24T03:12:44.000Z",
    deployment: { ...deployment, flags: { ...deployment.flags, ...parts.flags } },
    regions: {
      primary: region("us-east-1", parts.east ?? [source()], parts.eastSecret, parts.answers?.east),
      recovery: region(
        "us-west-2",
        parts.west ?? [replica()],
        parts.westSecret,
        parts.answers?.west,
      ),
    },
    record: parts.record ?? seen({ name: "db.orders.internal", target, ttlSeconds: 30 }),
    operation: parts.operation ?? seen(undefined),
  };
}
