import { regionOfArn } from "@standby/topology";
import type { ConfigProblem } from "./config-rules.ts";
import type { PrimaryValues } from "./config-schema.ts";
import { isKeyArn } from "./secret-keys.ts";

interface SecretValues {
  readonly secret?: PrimaryValues["secret"];
  readonly accountId?: string;
  readonly region?: string;
  readonly stack: string;
}

/** The rules between the fields of `secret`, and between them and the stack's place. */
export const secretRules = (values: SecretValues): readonly ConfigProblem[] =>
  values.secret === undefined
    ? []
    : [
        ...replicaRegionRules(values.secret, values.region),
        ...keyRules(values.secret, values.region),
        ...existingRules(values.secret, values),
        ...rotationRules(values.secret),
      ];

function replicaRegionRules(
  { replicaRegions }: PrimaryValues["secret"],
  region: string | undefined,
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (region !== undefined && replicaRegions.includes(region))
    problems.push({
      key: "secret",
      reason: "replicaRegions names this stack's own Region, which holds the secret itself",
    });
  if (new Set(replicaRegions).size !== replicaRegions.length)
    problems.push({ key: "secret", reason: "replicaRegions names a Region twice" });
  return problems;
}

function keyRules(
  { keys, replicaRegions }: PrimaryValues["secret"],
  region: string | undefined,
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [keyRegion, choice] of Object.entries(keys)) {
    const key = `secret.keys.${keyRegion}`;
    if (region !== undefined && keyRegion !== region && !replicaRegions.includes(keyRegion))
      problems.push({ key, reason: "names a Region that holds neither the secret nor a copy" });
    if (isKeyArn(choice) && regionOfArn(choice) !== keyRegion)
      problems.push({
        key,
        reason: "is a key of another Region: a copy must be readable without it",
      });
  }
  const ids = Object.values(keys)
    .filter(isKeyArn)
    .map((arn) => arn.split("/").at(-1));
  // Only multi-Region keys share an id. They share key material too, and what is done to the primary key.
  if (new Set(ids).size !== ids.length)
    problems.push({
      key: "secret.keys",
      reason: "gives two Regions the same multi-Region key; each needs a key of its own",
    });
  return problems;
}

/** Its owner rotates a secret that was taken over, or nobody does. */
function rotationRules({
  existing,
  rotation,
  admin,
}: PrimaryValues["secret"]): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const contradicted = [...(rotation ? ["rotation"] : []), ...(admin ? ["admin"] : [])];
  if (existing !== undefined)
    for (const field of contradicted)
      problems.push({
        key: `secret.${field}`,
        reason:
          "contradicts secret.existing: a secret that is taken over keeps its owner's rotation",
      });
  if (rotation?.strategy === "alternating-users" && !admin)
    problems.push({
      key: "secret.rotation.strategy",
      reason: "asks for alternating users, which only an admin can make: set secret.admin too",
    });
  return problems;
}

/** Service-owned secrets have their service's name and `!` in front: `rds!db-…`. */
const ownedPattern = /(^|:secret:)([a-z0-9-]+)!/;

function existingRules(
  { existing, name }: PrimaryValues["secret"],
  { accountId, region, stack }: SecretValues,
): readonly ConfigProblem[] {
  if (existing === undefined) return [];
  const problems: ConfigProblem[] = [];
  const key = "secret.existing";
  if (name !== undefined)
    problems.push({
      key: "secret.name",
      reason: "contradicts secret.existing: a secret that exists has its name",
      next: `pulumi config rm --path secret.name -s ${stack}`,
    });
  if (ownedPattern.test(existing)) problems.push({ key, ...owned });
  const [arn, , , arnRegion, arnAccount] = existing.split(":");
  if (arn !== "arn") return problems;
  if (region !== undefined && arnRegion !== region)
    problems.push({ key, reason: "names a secret of another Region than aws:region" });
  if (accountId !== undefined && arnAccount !== accountId)
    problems.push({ key, reason: "names a secret of another account" });
  return problems;
}

/** The value of such a secret changes when its service says so, with an endpoint as host, and MySQL has no read replica beside it. */
const owned = {
  reason:
    "names a secret that an AWS service owns: it cannot be replicated, and RDS makes no read replica of a database whose password it manages",
  next: "aws rds modify-db-instance --cli-input-json file://own-password.json with ManageMasterUserPassword false and a MasterUserPassword of your own; then name a secret of your own that holds it",
} as const;
