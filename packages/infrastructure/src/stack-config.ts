import * as pulumi from "@pulumi/pulumi";
import type { Role } from "@standby/topology";
import type { z } from "zod";
import { type ConfigProblem, primaryRules, recoveryRules } from "./config-rules.ts";
import {
  issueMessage,
  type PrimaryValues,
  primaryKeys,
  type RecoveryValues,
  recoveryKeys,
  region as regionSchema,
  role as roleSchema,
} from "./config-schema.ts";
import { type Refusal, refuse } from "./refusal.ts";

interface Place {
  readonly stack: string;
  /** The Region of everything in this stack (`aws:region`). */
  readonly region: string;
}

export type PrimaryConfig = PrimaryValues & Place & { readonly role: "primary" };
export type RecoveryConfig = RecoveryValues & Place & { readonly role: "recovery" };
/** Tags of every resource of a stack. */
export type Tags = Readonly<Record<string, string>>;

export type StackConfig = PrimaryConfig | RecoveryConfig;

/** Identifier of a database that is there already. */
export const adoptedIdentifier = ({
  database,
}: Pick<StackConfig, "database">): string | undefined =>
  "existing" in database ? database.existing.identifier : undefined;

/**
 * Reads the configuration of this stack: the only place that does.
 *
 * @throws pulumi.RunError with every problem at once; it names keys and never values.
 */
export function readStackConfig(): StackConfig {
  const result = parseStackConfig(
    pulumi.runtime.allConfig(),
    pulumi.getProject(),
    pulumi.getStack(),
  );
  return "config" in result ? result.config : refuse(result.refusals);
}

/** The text values of a stack, as the engine hands them over, as one typed object or as the problems of all of them. */
export function parseStackConfig(
  texts: Readonly<Record<string, string>>,
  project: string,
  stack: string,
): { readonly config: StackConfig } | { readonly refusals: readonly Refusal[] } {
  const own = ownKeys(texts, project);
  const region = read("aws:region", regionSchema, texts["aws:region"]);
  const role = read("role", roleSchema, own["role"]);
  const problems = [...region.problems, ...role.problems, ...unknownKeys(own, stack)];
  const place = { stack, ...(region.value === undefined ? {} : { region: region.value }) };
  // Without a role nobody knows which keys are missing; their problems wait for it.
  if (role.value === undefined) return { refusals: refusals(problems, project, stack) };
  problems.push(...misplacedKeys(own, role.value, stack));
  const reading =
    role.value === "primary"
      ? completed(readAll(primaryKeys, own), place, primaryRules)
      : completed(readAll(recoveryKeys, own), place, recoveryRules);
  problems.push(...reading.problems);
  if (problems.length > 0) return { refusals: refusals(problems, project, stack) };
  // Every key of the role was read without a problem, so the object is complete.
  return { config: { ...reading.known, role: role.value } as StackConfig };
}

function completed<Known>(
  reading: { readonly known: Known; readonly problems: readonly ConfigProblem[] },
  place: Partial<Place> & Pick<Place, "stack">,
  rules: (known: Known & typeof place) => readonly ConfigProblem[],
): { readonly known: Known & typeof place; readonly problems: readonly ConfigProblem[] } {
  const known = { ...reading.known, ...place };
  return { known, problems: [...reading.problems, ...rules(known)] };
}

/** Empty texts, false flags and empty objects are what Pulumi.yaml fills in: they say nothing. */
const saysNothing = (text: string): boolean => ["", "{}", "false"].includes(text);

function ownKeys(
  texts: Readonly<Record<string, string>>,
  project: string,
): Readonly<Record<string, string>> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(texts)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, text]) => [key.slice(prefix.length), text]),
  );
}

function read<Schema extends z.ZodType>(
  key: string,
  schema: Schema,
  text: string | undefined,
): { readonly value?: z.output<Schema>; readonly problems: readonly ConfigProblem[] } {
  const given = text === "" || text === undefined ? undefined : text;
  if (given === undefined && !schema.safeParse(undefined).success)
    return { problems: [{ key, reason: "is missing" }] };
  const result = schema.safeParse(given);
  if (result.success) return { value: result.data, problems: [] };
  return {
    problems: result.error.issues.map((issue) => ({
      key: [key, ...issue.path.map(String)].join("."),
      reason: issueMessage(issue),
    })),
  };
}

function readAll<Keys extends Readonly<Record<string, z.ZodType>>>(
  schemas: Keys,
  own: Readonly<Record<string, string>>,
): {
  readonly known: { readonly [Key in keyof Keys]?: z.output<Keys[Key]> };
  readonly problems: readonly ConfigProblem[];
} {
  const known: { [Key in keyof Keys]?: z.output<Keys[Key]> } = {};
  const problems: ConfigProblem[] = [];
  for (const key of Object.keys(schemas) as (keyof Keys & string)[]) {
    const reading = read(key, schemas[key] as Keys[typeof key], own[key]);
    problems.push(...reading.problems);
    if (reading.value !== undefined) known[key] = reading.value;
  }
  return { known, problems };
}

function unknownKeys(
  own: Readonly<Record<string, string>>,
  stack: string,
): readonly ConfigProblem[] {
  const known = new Set(["role", ...Object.keys(primaryKeys), ...Object.keys(recoveryKeys)]);
  return Object.keys(own)
    .filter((key) => !known.has(key))
    .map((key) => ({
      key,
      reason: "is not a key of this program",
      next: `pulumi config rm ${key} -s ${stack}`,
    }));
}

function misplacedKeys(
  own: Readonly<Record<string, string>>,
  role: Role,
  stack: string,
): readonly ConfigProblem[] {
  const here = role === "primary" ? primaryKeys : recoveryKeys;
  const there = role === "primary" ? recoveryKeys : primaryKeys;
  return Object.entries(own)
    .filter(([key, text]) => key in there && !(key in here) && !saysNothing(text))
    .map(([key]) => ({
      key,
      reason: `belongs to the ${role === "primary" ? "recovery" : "primary"} stack and means nothing on the ${role} stack`,
      next: `pulumi config rm ${key} -s ${stack}`,
    }));
}

const refusals = (
  problems: readonly ConfigProblem[],
  project: string,
  stack: string,
): readonly Refusal[] =>
  problems.map(({ key, reason, next }) => ({
    key: key.includes(":") ? key : `${project}:${key}`,
    reason,
    next: next ?? `edit Pulumi.${stack}.yaml, then pulumi preview -s ${stack}`,
  }));
