import type { Role } from "./deployment.ts";
import type { DnsSwitch } from "./dns-switch.ts";
import type { RotationStrategy } from "./rotation-strategy.ts";

/** What one Region's database looks like from outside its stack. */
export interface DatabaseOutput {
  readonly identifier: string;
  readonly arn: string;
  /** The RDS endpoint without its port: what the CNAME names. */
  readonly address: string;
  readonly port: number;
}

/** What a failover may give up without anybody's word. */
export interface RecoveryPoint {
  /** Lag of the replica. */
  readonly maximumLagSeconds: number;
  /** Age of what is known of that lag. */
  readonly maximumAgeSeconds: number;
}

/** Of a stack that says nothing else. */
export const defaultRecoveryPoint: RecoveryPoint = {
  maximumLagSeconds: 60,
  maximumAgeSeconds: 900,
};

/** A secret that existed is imported by one update and replicated by a later one. */
export type SecretAdoption = "imported" | "replicated";

/** How the application's secret is rotated, and what the rotation functions of both Regions are told. */
export interface RotationOutput {
  readonly strategy: RotationStrategy;
  /** Absent where the functions are there for the bootstrap alone. */
  readonly automaticallyAfterDays?: number;
  /** The user that the application gets in place of the master user, where there is an admin secret. */
  readonly applicationUsername?: string;
}

/** What the last update declared of this Region's own rotation. */
export interface RotationRulesOutput {
  readonly automaticallyAfterDays: number;
  readonly rotateImmediately: boolean;
}

/** The outputs of each stack of the pair. Nothing here is secret, and nothing changes without an update. */
export interface StackOutputs {
  readonly role: Role;
  readonly region: string;
  readonly service: string;
  /** The CNAME record's name: the `host` of the secret. */
  readonly databaseHostName: string;
  readonly database: DatabaseOutput;
  /** ARN of this Region's own copy. */
  readonly secretArn: string;
  readonly functionName: string;
  /** HTTPS address of the function, for callers who sign. Absent in the outputs of an update before it had one. */
  readonly functionUrl?: string;
  /** Absent in the outputs of an update before the probe existed. */
  readonly probeFunctionName?: string;
  /** Recovery stack only: where the commands keep their journal and lock, and the probe its record of the lag. */
  readonly recoveryBucket?: string;
  /** ARN of this Region's own copy of the admin secret, where there is one. */
  readonly adminSecretArn?: string;
  /** Where there is a rotation function: in both Regions or in none. */
  readonly rotationFunctionName?: string;
  /** Primary stack only. */
  readonly rotation?: RotationOutput;
  /** Absent while nothing is rotated in this Region. */
  readonly rotationRules?: RotationRulesOutput;
  readonly zoneId: string;
  readonly vpcId: string;
  readonly vpcCidr: string;
  /** Primary stack only: the KMS key of every Region that holds a copy of the secret, by Region. */
  readonly encryptionKeyArns?: Readonly<Record<string, string>>;
  /** Primary stack only: the choices of keys that were not to be made, by Region: `default`, or the ARN of an existing one. */
  readonly givenKeys?: Readonly<Record<string, string>>;
  /** Primary stack only: Regions whose key was made, is not used any more, and is kept. */
  readonly keptKeyRegions?: readonly string[];
  /** Primary stack only: the secret existed before, and how far this stack has taken it over. */
  readonly secretAdoption?: SecretAdoption;
  /** Recovery stack only: the peering connection that the primary stack accepts. */
  readonly peeringConnectionId?: string;
  /** Recovery stack only: which Region's database the CNAME names. */
  readonly recordRegion?: string;
  /** Recovery stack only: how the name moves. Absent in the outputs of an update before there was a choice: `record`. */
  readonly dnsSwitch?: DnsSwitch;
  /** Recovery stack only: both records name this Region's database, whatever the health check says. */
  readonly pinned?: boolean;
  /** Recovery stack only: how the last update declared this Region's database. */
  readonly databaseMode?: "replica" | "standalone";
  /** The last update fenced this Region's database. Absent in the outputs of an update before fences existed. */
  readonly databaseFenced?: boolean;
  /** Recovery stack only: its configured `recoveryPoint`. Absent in the outputs of an update before it was exported. */
  readonly recoveryPoint?: RecoveryPoint;
  /** Recovery stack only: `programDigest` of what it was last updated by. Absent in the outputs of an update before it was exported. */
  readonly programDigest?: string;
  /** Recovery stack only: the primary's outputs as last read, which a failover uses instead of the primary's state. */
  readonly primary?: StackOutputs;
}
