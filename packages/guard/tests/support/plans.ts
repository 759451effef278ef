import { types } from "../../src/declared-resource.ts";
import type { PlannedStep } from "../../src/planned-step.ts";

type Inputs = NonNullable<PlannedStep["before"]>;

/** Inputs that break no rule, by type. */
const goodInputs: Readonly<Record<string, Inputs>> = {
  [types.database]: {
    backupRetentionPeriod: 7,
    dbSubnetGroupName: "subnets-1",
    deletionProtection: true,
    finalSnapshotIdentifier: "orders-1-final",
    kmsKeyId: "arn:aws:kms:us-west-2:123456789012:key/1",
    parameterGroupName: "parameters-1",
    publiclyAccessible: false,
    skipFinalSnapshot: false,
    storageEncrypted: true,
  },
  [types.secret]: {
    forceOverwriteReplicaSecret: false,
    recoveryWindowInDays: 30,
    replicas: [{ region: "us-west-2", kmsKeyId: "arn:aws:kms:us-west-2:123456789012:key/1" }],
  },
};

export interface StepParts {
  readonly type: string;
  readonly operation?: string;
  readonly id?: string;
  readonly protect?: boolean;
  /** Over the good ones; undefined removes one. */
  readonly inputs?: Inputs;
  readonly before?: Inputs;
}

/** A step that breaks no rule but by its parts. */
export function step({
  type,
  operation = "update",
  id = "id",
  protect = true,
  inputs,
  before,
}: StepParts): PlannedStep {
  const good = goodInputs[type] ?? {};
  const stated = Object.entries({ ...good, ...inputs }).filter(([, value]) => value !== undefined);
  return {
    operation,
    type,
    name: "it",
    id,
    declared:
      operation === "delete" ? undefined : { type, protect, inputs: Object.fromEntries(stated) },
    before: operation === "create" ? undefined : { ...good, ...before },
  };
}
