/** One resource that a preview would touch. */
export interface PlannedChange {
  readonly urn: string;
  /** For example `aws:rds/instance:Instance`. */
  readonly type: string;
  /** The engine's word: update, create, replace, delete… */
  readonly operation: string;
  /** Top-level names of the properties that differ. */
  readonly properties: readonly string[];
}

interface PreviewStep {
  readonly op?: unknown;
  readonly urn?: unknown;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
  readonly diffReasons?: readonly string[] | null;
}

/** Steps that leave resources alone: a StackReference is read, and discarded from the state when it is no longer followed. */
const idle = new Set(["same", "read", "refresh", "discard"]);

/**
 * Reads the document of `pulumi preview --json`.
 *
 * @throws TypeError when the text is not such a document
 */
export function plannedChanges(previewJson: string): readonly PlannedChange[] {
  const document = JSON.parse(previewJson) as { readonly steps?: unknown };
  if (!Array.isArray(document.steps))
    throw new TypeError("the preview's JSON has no list of steps: a Pulumi of another version?");
  return (document.steps as readonly PreviewStep[])
    .filter((step) => !idle.has(String(step.op)))
    .map((step) => {
      const urn = String(step.urn);
      return { urn, type: typeOf(urn), operation: String(step.op), properties: propertiesOf(step) };
    });
}

/** `urn:pulumi:<stack>::<project>::<parent types$type>::<name>` */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

function propertiesOf(step: PreviewStep): readonly string[] {
  const paths = Object.keys(step.detailedDiff ?? {});
  const names = paths.length > 0 ? paths : (step.diffReasons ?? []);
  return [...new Set(names.map((path) => path.split(/[.[]/)[0] ?? path))].sort();
}
