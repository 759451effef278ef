import { databaseSecretName, type SecretAdoption, secretNameOf } from "@standby/topology";
import type { PrimaryValues } from "./config-schema.ts";
import type { Decision, Notice } from "./decide.ts";
import type { FoundSecret, ObservedSecret } from "./observe-secret.ts";
import type { Refusal } from "./refusal.ts";
import {
  choiceOfKey,
  type KeyChoice,
  keptKeyRegions,
  keyChoices,
  keyRefusals,
  type LastKeys,
} from "./secret-keys.ts";
import * as refusals from "./secret-refusals.ts";
import { replicaRemovalRefusals } from "./secret-replicas.ts";

/** What the primary stack's last update left of the secret. */
export interface LastSecret extends LastKeys {
  readonly arn: string | undefined;
  readonly adoption: SecretAdoption | undefined;
}

export interface SecretFacts {
  readonly stack: string;
  readonly service: string;
  readonly region: string;
  readonly secret: PrimaryValues["secret"];
  readonly last: LastSecret;
  readonly observed: ObservedSecret;
  /** Regions with databases of the service. */
  readonly databaseRegions: readonly string[];
}

export interface SecretPlan {
  readonly name: string;
  /** Absent for a secret that this stack makes. */
  readonly adopted?: FoundSecret;
  /** An adopted secret is replicated by a later update than the one that imports it: an import must change nothing. */
  readonly replicate: boolean;
  /** Of every Region that holds the secret or a copy, or is going to. */
  readonly keys: Readonly<Record<string, KeyChoice>>;
  readonly keptKeyRegions: readonly string[];
  readonly notices: readonly Notice[];
}

/** The secret's name in every Region. */
export const secretNameIn = ({
  service,
  secret: { existing, name },
}: Pick<SecretFacts, "service" | "secret">): string =>
  existing === undefined
    ? (name ?? databaseSecretName(service))
    : existing.startsWith("arn:")
      ? secretNameOf(existing)
      : existing;

/** The copies that exist, with their keys: by AWS's word for a secret that others may have replicated, else by the last outputs. */
function heldCopies({
  region,
  last,
  observed,
  secret,
}: Pick<SecretFacts, "region" | "last" | "observed" | "secret">): Readonly<
  Record<string, KeyChoice>
> {
  const entries =
    secret.existing !== undefined && observed.found
      ? observed.found.copies.map(
          (copy) => [copy.region, choiceOfKey(last, copy.region, copy.keyId)] as const,
        )
      : last.adoption === "imported"
        ? []
        : Object.keys(last.keyArns).map((each) => [each, last.givenKeys[each] ?? "made"] as const);
  return Object.fromEntries(entries.filter(([each]) => each !== region));
}

/** Nothing is asked of a Region that has its copy, nor of a secret that this stack made long ago. */
export const whatToLookAt = (
  facts: Pick<SecretFacts, "region" | "secret" | "last">,
): { readonly lookAtSecret: boolean; readonly newRegions: readonly string[] } => {
  const held = heldCopies({ ...facts, observed: { found: undefined, occupiedRegions: [] } });
  return {
    lookAtSecret: facts.secret.existing !== undefined || facts.last.arn === undefined,
    newRegions: facts.secret.replicaRegions.filter((each) => held[each] === undefined),
  };
};

/** What the primary stack declares of the secret, or why nothing. */
export function decideSecret(facts: SecretFacts): Decision<SecretPlan> {
  const [first, ...others] = [...identityRefusals(facts), ...copyRefusals(facts)];
  if (first) return { refusals: [first, ...others] };
  const { secret, last, observed } = facts;
  const adopted = secret.existing === undefined ? undefined : observed.found;
  const replicate = adopted === undefined || last.adoption !== undefined;
  return {
    plan: {
      name: secretNameIn(facts),
      ...(adopted ? { adopted } : {}),
      replicate,
      keys: keyChoices(facts),
      keptKeyRegions: keptKeyRegions(facts),
      notices: replicate ? [] : [refusals.notReplicatedYet(facts)],
    },
  };
}

/** Is it the secret that it has to be? */
function identityRefusals(facts: SecretFacts): readonly Refusal[] {
  const { secret, last, observed, service } = facts;
  const { found } = observed;
  if (secret.existing === undefined) {
    if (last.adoption !== undefined) return [refusals.leavesAdopted(facts)];
    return found && found.service !== service ? [refusals.nameTaken(facts)] : [];
  }
  if (last.arn !== undefined && last.adoption === undefined) return [refusals.ownSecret(facts)];
  if (!found) return [refusals.notFound(facts)];
  if (secret.existing.startsWith("arn:") && secret.existing !== found.arn)
    return [refusals.anotherOfThatName(facts, found.arn)];
  if (last.arn !== undefined && last.arn !== found.arn)
    return [refusals.anotherThanAdopted(facts, last.arn)];
  return found.isReplica ? [refusals.isReplica(facts)] : [];
}

/** Would a copy be lost, or written over? */
function copyRefusals(facts: SecretFacts): readonly Refusal[] {
  const copies = heldCopies(facts);
  return [
    ...facts.observed.occupiedRegions
      .filter((each) => copies[each] === undefined)
      .map((each) => refusals.occupied(facts, secretNameIn(facts), each)),
    ...replicaRemovalRefusals(facts, Object.keys(copies)),
    ...keyRefusals({ ...facts, copies }),
  ];
}
