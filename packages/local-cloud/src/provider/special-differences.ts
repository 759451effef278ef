import { flag, nested, type PropertyMap, text, unknown } from "./property-values.ts";

/** What a type's own difference function adds to what its table says. */
export interface SpecialDifferences {
  /** Properties that replace the resource although the table does not say so. */
  readonly replaces: readonly string[];
  /** A reason to refuse, already in the preview. */
  readonly error?: string;
}

const none: SpecialDifferences = { replaces: [] };

/** A value that the program states decides; leaving all of them out changes nothing. */
const secretVersion = (state: PropertyMap, inputs: PropertyMap): SpecialDifferences => {
  const stored = text(state, "secretString");
  if (stored !== undefined) {
    const wanted = inputs["secretString"] ?? inputs["secretStringWo"];
    return wanted !== undefined && wanted !== stored ? { replaces: ["secretString"] } : none;
  }
  const storedVersion = state["secretStringWoVersion"];
  if (storedVersion !== undefined && storedVersion !== null) {
    const wanted = inputs["secretStringWoVersion"];
    if (wanted !== undefined) {
      return wanted === storedVersion ? none : { replaces: ["secretStringWoVersion"] };
    }
    return inputs["secretString"] === undefined ? none : { replaces: ["secretString"] };
  }
  return none;
};

const blueGreenEngines = ["mariadb", "mysql", "postgres"];

const databaseError = (state: PropertyMap, inputs: PropertyMap): string | undefined => {
  const source = inputs["replicateSourceDb"];
  if (flag(nested(inputs, "blueGreenUpdate") ?? {}, "enabled")) {
    const engine = text(inputs, "engine") ?? text(state, "engine");
    if (engine !== undefined && engine !== unknown && !blueGreenEngines.includes(engine)) {
      return `"blue_green_update.enabled" cannot be set when "engine" is "${engine}".`;
    }
    if (source)
      return `"blue_green_update.enabled" cannot be set when "replicate_source_db" is set.`;
  }
  const bareSource = typeof source === "string" && source !== unknown && !source.startsWith("arn:");
  return bareSource && source !== "" && text(inputs, "dbSubnetGroupName")
    ? `"replicate_source_db" must be an ARN when "db_subnet_group_name" is set.`
    : undefined;
};

const database = (state: PropertyMap, inputs: PropertyMap): SpecialDifferences => {
  const error = databaseError(state, inputs);
  return error === undefined ? none : { replaces: [], error };
};

const lambda = (_state: PropertyMap, inputs: PropertyMap): SpecialDifferences => {
  const zip = (text(inputs, "packageType") ?? "Zip") === "Zip";
  if (!zip || (inputs["handler"] && inputs["runtime"])) return none;
  return { replaces: [], error: "handler and runtime must be set when PackageType is Zip" };
};

const special: Readonly<
  Record<string, (state: PropertyMap, inputs: PropertyMap) => SpecialDifferences>
> = {
  "aws:secretsmanager/secretVersion:SecretVersion": secretVersion,
  "aws:rds/instance:Instance": database,
  "aws:lambda/function:Function": lambda,
};

/** Throws nothing: a refusal is in the answer. An empty state means that the resource is to be created. */
export const specialDifferences = (
  type: string,
  state: PropertyMap,
  inputs: PropertyMap,
): SpecialDifferences => special[type]?.(state, inputs) ?? none;
