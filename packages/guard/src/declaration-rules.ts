import { type DeclaredResource, type Inputs, nounOf, types } from "./declared-resource.ts";

/** What a declared resource has to be, in whatever plan it stands. */
export interface DeclarationRule {
  /** Stable: what `--allow` and the policy pack call it. */
  readonly name: string;
  /** One sentence that is true alone, with the behaviour of AWS or of the engine that asks for it. */
  readonly description: string;
  readonly types: readonly string[];
  /** What is wrong, or undefined. */
  readonly judge: (resource: DeclaredResource) => string | undefined;
}

const protectedTypes: readonly string[] = [
  types.database,
  types.secret,
  types.key,
  types.zone,
  types.record,
  types.bucket,
  types.network,
];

const databaseRule = (
  name: string,
  description: string,
  judge: (inputs: Inputs) => string | undefined,
): DeclarationRule => ({
  name,
  description,
  types: [types.database],
  judge: ({ inputs }) => judge(inputs),
});

const atLeast = (value: unknown, least: number): boolean =>
  typeof value === "number" && value >= least;

/** Secrets Manager takes no less but 0, which deletes at once. */
const shortestRecoveryDays = 7;

export const declarationRules: readonly DeclarationRule[] = [
  {
    name: "protected",
    description:
      "What holds data or a name is protected: only then does the engine refuse to delete or replace it.",
    types: protectedTypes,
    judge: ({ type, protect }) =>
      protect ? undefined : `this ${nounOf(type)} is declared without protect: true`,
  },
  databaseRule(
    "deletion-protection",
    "A database has RDS's deletion protection: leaving the input out turns it off.",
    ({ deletionProtection }) =>
      deletionProtection === true ? undefined : "deletionProtection is not true",
  ),
  databaseRule(
    "backups-on",
    "A database keeps backups in every role: RDS makes no replica of one without, and a promotion passes the value on.",
    ({ backupRetentionPeriod }) =>
      atLeast(backupRetentionPeriod, 1) ? undefined : "backupRetentionPeriod is not at least 1 day",
  ),
  databaseRule(
    "storage-encrypted",
    "A database states that its storage is encrypted, and with which key: left out, the provider plans its replacement.",
    ({ storageEncrypted, kmsKeyId }) =>
      storageEncrypted === true && kmsKeyId !== undefined
        ? undefined
        : "storageEncrypted is not true, or kmsKeyId is missing",
  ),
  databaseRule(
    "final-snapshot",
    "A database that goes leaves a snapshot: the provider asks for its name only when it is too late.",
    ({ skipFinalSnapshot, finalSnapshotIdentifier }) =>
      skipFinalSnapshot !== true && finalSnapshotIdentifier !== undefined
        ? undefined
        : "skipFinalSnapshot is true, or finalSnapshotIdentifier is missing",
  ),
  databaseRule(
    "not-public",
    "A database has no address outside its VPC.",
    ({ publiclyAccessible }) =>
      publiclyAccessible === true ? "publiclyAccessible is true" : undefined,
  ),
  {
    name: "recovery-window",
    description:
      "A secret that is deleted can be restored for days: a window of 0 deletes it at once and for good.",
    types: [types.secret],
    judge: ({ inputs: { recoveryWindowInDays: days } }) =>
      days === undefined || atLeast(days, shortestRecoveryDays)
        ? undefined
        : `recoveryWindowInDays is less than ${shortestRecoveryDays}`,
  },
  {
    name: "no-overwrite",
    description:
      "Replication overwrites no secret of another Region: it could be the copy that was promoted there.",
    types: [types.secret],
    judge: ({ inputs }) =>
      inputs["forceOverwriteReplicaSecret"] === true
        ? "forceOverwriteReplicaSecret is true"
        : undefined,
  },
];
