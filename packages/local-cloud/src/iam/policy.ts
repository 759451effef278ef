/** One thing that somebody wants to do. */
export interface Permission {
  /** Such as `secretsmanager:GetSecretValue`. */
  readonly action: string;
  /** ARN, or `*` where an action knows no resource. */
  readonly resource: string;
  /** Condition keys of the request. */
  readonly context: Readonly<Record<string, string>>;
}

type OneOrMore = string | readonly string[];

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: OneOrMore;
  readonly Resource: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

export interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

const list = (value: OneOrMore): readonly string[] => (typeof value === "string" ? [value] : value);

const matches = (pattern: string, text: string, flags = ""): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    flags,
  ).test(text);

const operators: Readonly<Record<string, (wanted: string, found: string) => boolean>> = {
  StringEquals: (wanted, found) => wanted === found,
  StringLike: matches,
  ArnEquals: matches,
  ArnLike: matches,
  Bool: (wanted, found) => wanted === found,
};

/** A condition on a key that the request does not have is not met, as in AWS. */
function meets(condition: NonNullable<Statement["Condition"]>, { context }: Permission): boolean {
  return Object.entries(condition).every(([operator, keys]) => {
    const compare = operators[operator];
    if (!compare) throw new Error(`NotModelled: the condition operator ${operator} of IAM`);
    return Object.entries(keys).every(([key, wanted]) => {
      const found = context[key];
      return found !== undefined && list(wanted).some((each) => compare(each, found));
    });
  });
}

/** Whether a statement speaks of this permission, whatever it says of it. */
export const appliesTo = (statement: Statement, permission: Permission): boolean =>
  // Names of actions are compared without their case.
  list(statement.Action).some((pattern) => matches(pattern, permission.action, "i")) &&
  list(statement.Resource).some((pattern) => matches(pattern, permission.resource)) &&
  meets(statement.Condition ?? {}, permission);

/** IAM's decision by identity policies alone: something allows it, and nothing denies it. */
export function isAllowed(documents: readonly PolicyDocument[], permission: Permission): boolean {
  const applying = documents
    .flatMap(({ Statement: statements }) => statements)
    .filter((statement) => appliesTo(statement, permission));
  return (
    applying.some(({ Effect }) => Effect === "Allow") &&
    !applying.some(({ Effect }) => Effect === "Deny")
  );
}
