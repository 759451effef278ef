import type { Refusal } from "./refusal.ts";

/**
 * Which KMS key a Region's copy of the secret is encrypted with: one that this program makes, AWS's own key for Secrets Manager, or
 * one that exists.
 */
export type KeyChoice = "made" | "default" | KeyArn;
export type KeyArn = `arn:${string}`;

/** Never a choice of its own: `aws/secretsmanager` as the API spells it. */
export const defaultKeyAlias = "alias/aws/secretsmanager";

export const isKeyArn = (choice: string | undefined): choice is KeyArn =>
  choice?.startsWith("arn:") === true;

/** What the secret's last update left of its keys. */
export interface LastKeys {
  /** ARN of the key of each Region, which also encrypts the databases there. */
  readonly keyArns: Readonly<Record<string, string>>;
  /** The choices that were not `made`. */
  readonly givenKeys: Readonly<Record<string, KeyChoice>>;
  /** Regions whose key was made, is not used any more, and is kept. */
  readonly keptKeyRegions: readonly string[];
}

export interface KeyFacts {
  readonly stack: string;
  /** The secret's own Region. */
  readonly region: string;
  readonly secret: {
    readonly replicaRegions: readonly string[];
    readonly keys: Readonly<Record<string, KeyChoice>>;
    readonly allowReplicaRemoval: readonly string[];
  };
  readonly last: LastKeys;
  /** The copies that exist, with their keys. */
  readonly copies: Readonly<Record<string, KeyChoice>>;
  /** Regions with databases of the service. */
  readonly databaseRegions: readonly string[];
}

/** The choice of every Region that holds the secret or a copy. */
export const keyChoices = ({
  region,
  secret,
}: Pick<KeyFacts, "region" | "secret">): Readonly<Record<string, KeyChoice>> =>
  Object.fromEntries(
    [region, ...secret.replicaRegions].map((each) => [each, secret.keys[each] ?? "made"]),
  );

/** What the choice was at the last update; undefined for a Region that had none. */
const lastChoice = ({ keyArns, givenKeys }: LastKeys, region: string): KeyChoice | undefined =>
  givenKeys[region] ?? (keyArns[region] === undefined ? undefined : "made");

/** A key as AWS names it, in the program's words. */
export function choiceOfKey(last: LastKeys, region: string, keyId: string): KeyChoice {
  if (keyId === "" || keyId === defaultKeyAlias || keyId.endsWith(`:${defaultKeyAlias}`))
    return "default";
  const isMade = keyId === last.keyArns[region] && !isKeyArn(last.givenKeys[region]);
  return isMade || !isKeyArn(keyId) ? "made" : keyId;
}

/** A made key that is not used any more stays: snapshots, old copies and databases may be encrypted with it. */
export function keptKeyRegions({
  region,
  secret,
  last,
}: Pick<KeyFacts, "region" | "secret" | "last">): readonly string[] {
  const made = Object.keys(last.keyArns).filter((each) => !isKeyArn(last.givenKeys[each]));
  const choices = keyChoices({ region, secret });
  return [...new Set([...made, ...last.keptKeyRegions])]
    .filter((each) => each !== region)
    .filter((each) => choices[each] === undefined || isKeyArn(choices[each]))
    .sort();
}

/** Changes of keys that would cost a database or a copy. */
export function keyRefusals(facts: KeyFacts): readonly Refusal[] {
  return Object.entries(keyChoices(facts)).flatMap(([region, choice]) => {
    const before = lastChoice(facts.last, region);
    if (before !== undefined && isReplacing(facts, region, before, choice))
      return [replacesDatabases(facts, region, before)];
    if (region === facts.region)
      return before === undefined || before === choice ? [] : [ownKey(facts, before)];
    const copy = facts.copies[region];
    const isAllowed = facts.secret.allowReplicaRemoval.includes(region);
    return copy === undefined || copy === choice || isAllowed
      ? []
      : [replacesCopy(facts, region, copy)];
  });
}

/** RDS sets a database's key at birth. Made and default are the same to it: its storage has the made key then. */
const isReplacing = (
  { databaseRegions }: KeyFacts,
  region: string,
  before: KeyChoice,
  choice: KeyChoice,
): boolean =>
  databaseRegions.includes(region) && before !== choice && (isKeyArn(before) || isKeyArn(choice));

const replacesDatabases = (facts: KeyFacts, region: string, before: KeyChoice): Refusal => ({
  key: `standby:secret.keys.${region}`,
  reason:
    "differs from the key that the databases of this Region are encrypted with: a change would replace them with empty ones",
  next: `${choose(facts, region, before)} && pulumi preview -s ${facts.stack}`,
});

const ownKey = (facts: KeyFacts, before: KeyChoice): Refusal => ({
  key: `standby:secret.keys.${facts.region}`,
  reason:
    "asks for another key of the secret's own Region, which the provider cannot give it in every case",
  next: `${choose(facts, facts.region, before)} && pulumi preview -s ${facts.stack}`,
});

const replacesCopy = (facts: KeyFacts, region: string, copy: KeyChoice): Refusal => ({
  key: `standby:secret.keys.${region}`,
  reason: `asks for another key than the copy of the secret in ${region} has: AWS would delete that copy and make another, and whoever reads it meanwhile would fail`,
  next: `${choose(facts, region, copy)} && pulumi preview -s ${facts.stack}, or, when nothing reads the secret there: pulumi config set --path 'secret.allowReplicaRemoval[0]' ${region} -s ${facts.stack}`,
});

const choose = ({ stack }: KeyFacts, region: string, choice: KeyChoice): string =>
  choice === "made"
    ? `pulumi config rm --path 'secret.keys["${region}"]' -s ${stack}`
    : `pulumi config set --path 'secret.keys["${region}"]' ${choice} -s ${stack}`;
