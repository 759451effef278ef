import type { Filter, SortByType, SortOrderType } from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../service.ts";
import { invalidParameter, type Secret } from "./secret.ts";

/** A primary without replicas has no primary Region to tell. */
export const primaryRegionOf = (secret: Secret): string | undefined =>
  secret.primaryRegion ?? (secret.replicas.size > 0 ? secret.region : undefined);

const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");

interface Attribute {
  texts(secret: Secret): readonly string[];
  /** Only descriptions are compared without regard to case. */
  readonly ignoresCase?: true;
}

const attributes: Readonly<Record<string, Attribute>> = {
  description: { texts: (secret) => [secret.description ?? ""], ignoresCase: true },
  name: { texts: (secret) => [secret.name] },
  "owning-service": { texts: () => [] },
  "primary-region": { texts: (secret) => [primaryRegionOf(secret) ?? ""] },
  "tag-key": { texts: (secret) => [...secret.tags.keys()] },
  "tag-value": { texts: (secret) => [...secret.tags.values()] },
};

const keys = [...Object.keys(attributes), "all"].sort();

/** Every word of the value begins a word of some attribute. */
function matchesAll(secret: Secret, value: string): boolean {
  const words = Object.values(attributes).flatMap(({ texts }) => texts(secret).flatMap(wordsOf));
  return wordsOf(value).every((wanted) => words.some((word) => word.startsWith(wanted)));
}

function matchesValue(secret: Secret, key: string, value: string): boolean {
  const attribute = attributes[key];
  if (!attribute) return matchesAll(secret, value);
  const spelled = (text: string) => (attribute.ignoresCase ? text.toLowerCase() : text);
  return attribute.texts(secret).some((text) => spelled(text).startsWith(spelled(value)));
}

function checkFilter({ Key, Values = [] }: Filter, position: number): void {
  if (Key === undefined || !keys.includes(Key))
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${Key}' at 'filters.${position}.member.key' failed to satisfy constraint: Member must satisfy enum value set: [${keys.join(", ")}]`,
    );
  if (Values.length === 0) throw invalidParameter(`Invalid filter values for key: ${Key}`);
}

/**
 * The test that ListSecrets and BatchGetSecretValue choose secrets by. All filters must match; of a filter's values one, by
 * prefix; a leading `!` negates.
 *
 * @throws {AwsError} for a filter that does not exist or has no value
 */
export function secretFilter(filters: readonly Filter[] = []): (secret: Secret) => boolean {
  for (const [index, filter] of filters.entries()) checkFilter(filter, index + 1);
  return (secret) =>
    filters.every(({ Key = "", Values = [] }) =>
      Values.some((value) =>
        value.startsWith("!")
          ? !matchesValue(secret, Key, value.slice(1))
          : matchesValue(secret, Key, value),
      ),
    );
}

/** By creation unless said otherwise, oldest first; secrets of one moment by name. */
export function secretOrder(
  by: SortByType | undefined,
  order: SortOrderType | undefined,
): (one: Secret, other: Secret) => number {
  const direction = order === "desc" ? -1 : 1;
  const time = (secret: Secret): number =>
    by === "last-changed-date"
      ? secret.changedAt.getTime()
      : by === "last-accessed-date"
        ? (secret.accessedAt?.getTime() ?? 0)
        : by === "name"
          ? 0
          : secret.createdAt.getTime();
  return (one, other) => direction * (time(one) - time(other) || (one.name < other.name ? -1 : 1));
}
