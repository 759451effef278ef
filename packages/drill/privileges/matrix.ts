import {
  appliesTo,
  type Call,
  isAllowed,
  type Permission,
  type PolicyDocument,
  type Statement,
} from "@standby/local-cloud";
import { functionAwsOnly } from "./aws-only.ts";

/** A policy of a role, as the program declares it. */
export interface DeclaredPolicy {
  readonly role: string;
  readonly policy: string;
  readonly document: PolicyDocument;
}

/** One action of one statement, and what becomes of the role without it. */
export interface MatrixRow {
  readonly role: string;
  readonly policy: string;
  readonly statement: string;
  readonly action: string;
  /** Recorded calls that would be refused without it. */
  readonly breaks: number;
  /** Why it is there although no call shows it, with its source. */
  readonly awsOnly: string | undefined;
  readonly held: boolean;
}

const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === "string" ? [value] : value;

/** Role of a function's calls. */
const roleOf = (principal: string): string | undefined =>
  /:assumed-role\/([^/]+)\//.exec(principal)?.[1];

/** Every answered call of a role. */
const callsOf = (calls: readonly Call[], role: string): readonly (readonly Permission[])[] =>
  calls
    .filter(({ principal, status = 500 }) => roleOf(principal) === role && status < 400)
    .map(({ permissions = [] }) => permissions);

const without = (
  documents: readonly PolicyDocument[],
  statement: Statement,
  action: string,
): readonly PolicyDocument[] =>
  documents.map((document) => ({
    Statement: document.Statement.flatMap((each) => {
      if (each !== statement) return [each];
      const rest = list(each.Action).filter((other) => other !== action);
      return rest.length === 0 ? [] : [{ ...each, Action: rest }];
    }),
  }));

function rowsOf(policies: readonly DeclaredPolicy[], role: string, calls: readonly Call[]) {
  const own = policies.filter((policy) => policy.role === role);
  const documents = own.map(({ document }) => document);
  const made = callsOf(calls, role);
  return own.flatMap(({ policy, document }) =>
    document.Statement.flatMap((statement) =>
      list(statement.Action).map((action): MatrixRow => {
        const rest = without(documents, statement, action);
        const breaks = made.filter((needed) =>
          needed.some(
            (permission) => appliesTo(statement, permission) && !isAllowed(rest, permission),
          ),
        ).length;
        const known = functionAwsOnly.find((each) => each.action === action);
        const awsOnly = known && `${known.why} ${known.source}`;
        const name = statement.Sid ?? "(no Sid)";
        return {
          role,
          policy,
          statement: name,
          action,
          breaks,
          awsOnly,
          held: breaks > 0 || awsOnly !== undefined,
        };
      }),
    ),
  );
}

/** Every action that a function's role may do, with what would break without it. */
export const privilegeMatrix = (
  policies: readonly DeclaredPolicy[],
  calls: readonly Call[],
): readonly MatrixRow[] =>
  [...new Set(policies.map(({ role }) => role))]
    .sort()
    .flatMap((role) => rowsOf(policies, role, calls));

const keyOf = ({ role, policy, statement, action }: MatrixRow): string =>
  [role, policy, statement, action].join(" ");

/** The matrices of several deployments as one: what is needed in any of them is needed. */
export function mergedMatrix(matrices: readonly (readonly MatrixRow[])[]): readonly MatrixRow[] {
  const rows = new Map<string, MatrixRow>();
  for (const row of matrices.flat()) {
    const breaks = row.breaks + (rows.get(keyOf(row))?.breaks ?? 0);
    rows.set(keyOf(row), { ...row, breaks, held: breaks > 0 || row.awsOnly !== undefined });
  }
  return [...rows.values()].sort((one, other) => keyOf(one).localeCompare(keyOf(other)));
}

export const matrixText = (rows: readonly MatrixRow[]): string =>
  rows
    .map(({ role, statement, action, breaks, awsOnly, held }) => {
      const why =
        breaks > 0
          ? `${breaks} recorded calls are refused without it`
          : (awsOnly ?? "NOTHING BREAKS WITHOUT IT, and the table does not say why it is there");
      return `${held ? "ok  " : "FAIL"}  ${role}  ${statement}  ${action}: ${why}\n`;
    })
    .join("");
