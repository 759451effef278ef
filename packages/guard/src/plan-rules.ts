import { nounOf, types } from "./declared-resource.ts";
import { changesSomething, isDeletion, isReplacement, type PlannedStep } from "./planned-step.ts";

/** What no step of a plan may do. */
export interface PlanRule {
  readonly name: string;
  readonly description: string;
  readonly types: readonly string[];
  /** What is wrong with the step, given the whole plan, or undefined. */
  readonly judge: (step: PlannedStep, plan: readonly PlannedStep[]) => string | undefined;
}

const groups: readonly string[] = [types.parameterGroup, types.subnetGroup];

const lasting: readonly string[] = [
  types.database,
  types.secret,
  types.key,
  types.zone,
  types.record,
  types.bucket,
  types.network,
  ...groups,
];

/**
 * A group may go after its database has gone: RDS refuses to delete one that is in use, and half of the update is done by then. A plan
 * that leaves unchanged resources out does not show who uses it.
 */
const mayBeUsed = ({ type, id }: PlannedStep, plan: readonly PlannedStep[]): boolean => {
  const input = type === types.parameterGroup ? "parameterGroupName" : "dbSubnetGroupName";
  if (!plan.some(({ operation }) => operation === "same")) return true;
  return plan.some(
    (step) =>
      step.type === types.database &&
      !isDeletion(step) &&
      (step.before?.[input] === id || step.declared?.inputs[input] === id),
  );
};

interface Replica {
  readonly region: string;
  readonly kmsKeyId?: string;
}

const replicasOf = (inputs: PlannedStep["before"]): readonly Replica[] | undefined =>
  inputs?.["replicas"] as readonly Replica[] | undefined;

/** Left out, the list stays as it is in AWS. */
function lostReplica({ before, declared }: PlannedStep): Replica | undefined {
  const after = replicasOf(declared?.inputs);
  if (after === undefined) return undefined;
  return replicasOf(before)?.find(
    ({ region, kmsKeyId }) =>
      !after.some((replica) => replica.region === region && replica.kmsKeyId === kmsKeyId),
  );
}

export const planRules: readonly PlanRule[] = [
  {
    name: "no-replacement",
    description:
      "Nothing that holds data, a key or a name is replaced: with an explicit name the old one is deleted before the new one is made.",
    types: lasting,
    judge: (step) =>
      isReplacement(step) ? `this ${nounOf(step.type)} would be replaced` : undefined,
  },
  {
    name: "no-deletion",
    description:
      "Nothing that holds data, a key or a name is deleted; a parameter or subnet group goes only after its database.",
    types: lasting,
    judge(step, plan) {
      if (!isDeletion(step)) return undefined;
      if (groups.includes(step.type) && !mayBeUsed(step, plan)) return undefined;
      return `this ${nounOf(step.type)} would be deleted`;
    },
  },
  {
    name: "keep-replicas",
    description:
      "No copy of the secret is removed or given another key: AWS deletes the copy at once, whatever the recovery window, and protect does not see it.",
    types: [types.secret],
    judge(step) {
      const lost = changesSomething(step) ? lostReplica(step) : undefined;
      return lost && `its copy in ${lost.region} would be deleted`;
    },
  },
];
