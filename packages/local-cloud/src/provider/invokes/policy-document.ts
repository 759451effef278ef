import { maps, type PropertyMap, type PropertyValue, text, texts } from "../property-values.ts";

/** One entry stands alone, several are a sorted list. */
const oneOrMany = (values: readonly string[]): PropertyValue =>
  values.length === 1 ? (values[0] ?? "") : [...values].sort().reverse();

const principals = (statement: PropertyMap, property: string): PropertyValue | undefined => {
  const entries = maps(statement, property);
  if (entries.length === 0) return undefined;
  const everyone = entries.some(
    (entry) => text(entry, "type") === "*" && texts(entry, "identifiers").includes("*"),
  );
  if (everyone) return "*";
  const byType: Record<string, string[]> = {};
  for (const entry of entries) {
    const type = text(entry, "type") ?? "";
    byType[type] = [...(byType[type] ?? []), ...texts(entry, "identifiers")];
  }
  return Object.fromEntries(Object.entries(byType).map(([type, all]) => [type, oneOrMany(all)]));
};

const conditions = (statement: PropertyMap): PropertyMap | undefined => {
  const entries = maps(statement, "conditions");
  if (entries.length === 0) return undefined;
  const byTest: Record<string, Record<string, PropertyValue>> = {};
  for (const entry of entries) {
    const test = text(entry, "test") ?? "";
    byTest[test] = {
      ...byTest[test],
      [text(entry, "variable") ?? ""]: oneOrMany(texts(entry, "values")),
    };
  }
  return byTest;
};

const listed = (statement: PropertyMap, property: string): PropertyValue | undefined => {
  const values = texts(statement, property);
  return values.length > 0 ? oneOrMany(values) : undefined;
};

const statementOf = (statement: PropertyMap): PropertyMap => ({
  Sid: text(statement, "sid"),
  Effect: text(statement, "effect") ?? "Allow",
  Action: listed(statement, "actions"),
  NotAction: listed(statement, "notActions"),
  Resource: listed(statement, "resources"),
  NotResource: listed(statement, "notResources"),
  Principal: principals(statement, "principals"),
  NotPrincipal: principals(statement, "notPrincipals"),
  Condition: conditions(statement),
});

/** Where Terraform would put the account's own variables, Pulumi writes `&{…}`. */
const withVariables = (json: string): string => json.replaceAll("&{", "${");

const statementsOf = (document: string | undefined): PropertyMap[] => {
  if (!document) return [];
  const { Statement } = JSON.parse(document) as { Statement?: PropertyMap | PropertyMap[] };
  return Array.isArray(Statement) ? Statement : Statement ? [Statement] : [];
};

/** A later statement with the same Sid takes the place of an earlier one. */
const merged = (statements: readonly PropertyMap[]): PropertyMap[] => {
  const result: PropertyMap[] = [];
  for (const statement of statements) {
    const same = result.findIndex((each) => each["Sid"] && each["Sid"] === statement["Sid"]);
    if (same >= 0) result[same] = statement;
    else result.push(statement);
  }
  return result;
};

/** Pure rendering, no call. */
export const getPolicyDocument = (args: PropertyMap): PropertyMap => {
  const sources = [text(args, "sourceJson"), ...texts(args, "sourcePolicyDocuments")];
  const overrides = [...texts(args, "overridePolicyDocuments"), text(args, "overrideJson")];
  const document = {
    Version: text(args, "version") ?? "2012-10-17",
    Id: text(args, "policyId"),
    Statement: merged([
      ...sources.flatMap(statementsOf),
      ...maps(args, "statements").map(statementOf),
      ...overrides.flatMap(statementsOf),
    ]),
  };
  const minifiedJson = withVariables(JSON.stringify(document));
  return {
    ...args,
    id: String(minifiedJson.length),
    json: withVariables(JSON.stringify(document, undefined, 2)),
    minifiedJson,
    version: document.Version,
  };
};
