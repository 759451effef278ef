import { judgeStep, readPlan } from "@standby/guard";
import { RecoveryError } from "./errors.ts";

/** One operation that an update would carry out. */
export interface PlannedOperation {
  readonly operation: string;
  readonly type: string;
  readonly urn: string;
  /** First parts of the changed properties' paths. */
  readonly changed: readonly string[];
  /** The rules of the guard that it breaks, in words. Default: none. */
  readonly violations?: readonly string[];
}

interface PreviewDocument {
  readonly steps?: readonly {
    readonly op: string;
    readonly urn: string;
    readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
    readonly diffReasons?: readonly string[] | null;
  }[];
}

const changesNothing = ["same", "read", "discard", "refresh"];

/** A stack that is read, or no longer read, is not one that is changed. */
const reference = "pulumi:pulumi:StackReference";

/**
 * The operations of `pulumi preview --json`, and of nothing else in it: properties may hold what nobody should store.
 *
 * @throws RecoveryError when the text is not such a document.
 */
export function readPreview(text: string): readonly PlannedOperation[] {
  let document: PreviewDocument;
  try {
    document = JSON.parse(text) as PreviewDocument;
  } catch (error) {
    throw new RecoveryError(
      "pulumi preview --json did not answer with its document.",
      ["pulumi version"],
      { cause: error },
    );
  }
  const plan = document.steps ? readPlan(text) : [];
  return (document.steps ?? [])
    .map((step, index) => ({ ...step, violations: violationsOf(plan, index) }))
    .filter(({ op }) => !changesNothing.includes(op))
    .map(({ op, urn, detailedDiff, diffReasons, violations }) => ({
      operation: op,
      type: typeOf(urn),
      urn,
      changed: [
        ...new Set(
          [...Object.keys(detailedDiff ?? {}), ...(diffReasons ?? [])].map((path) =>
            path.replace(/[.[].*$/, ""),
          ),
        ),
      ].sort(),
      ...(violations.length > 0 && { violations }),
    }))
    .filter(({ type }) => type !== reference);
}

const violationsOf = (plan: ReturnType<typeof readPlan>, index: number): readonly string[] => {
  const step = plan[index];
  return step ? judgeStep(step, plan).map(({ rule, reason }) => `${reason} (rule ${rule})`) : [];
};

/** `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>` */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? urn;
