import type { RotationOutput, RotationRulesOutput } from "@standby/topology";
import type { PrimaryValues } from "./config-schema.ts";

/** What the program declares of a secret's rotation. */
export interface RotationSchedule {
  readonly automaticallyAfterDays: number;
  readonly rotateImmediately: boolean;
  readonly isOfPromotedCopy: boolean;
}

/** What both Regions' functions are told, or nothing where the secret is not rotated and has no admin secret. */
export const rotationOf = ({
  secret: { rotation, admin },
}: {
  readonly secret: Pick<PrimaryValues["secret"], "rotation" | "admin">;
}): RotationOutput | undefined =>
  rotation || admin
    ? {
        strategy: rotation?.strategy ?? "single-user",
        ...(rotation ? { automaticallyAfterDays: rotation.automaticallyAfterDays } : {}),
        ...(admin ? { applicationUsername: admin.applicationUsername } : {}),
      }
    : undefined;

/**
 * The provider asks for a rotation by every change of the rules, and rotates with it whenever `rotateImmediately` is on. So the first
 * declaration rotates, which makes the password dead that the database was created with; one that changes the rules does not, and
 * one that changes nothing says what the last one said.
 */
export function decideRotation(
  wanted: number | undefined,
  { last, isOfPromotedCopy }: Past,
): RotationSchedule | undefined {
  if (wanted === undefined) return undefined;
  const rotateImmediately =
    last === undefined || (last.automaticallyAfterDays === wanted && last.rotateImmediately);
  return { automaticallyAfterDays: wanted, rotateImmediately, isOfPromotedCopy };
}

interface Past {
  /** From this stack's last outputs. */
  readonly last: RotationRulesOutput | undefined;
  /** The Region's secret was a copy, and is a secret of its own now. */
  readonly isOfPromotedCopy: boolean;
}

/** What the next update has to know of this one's declaration. */
export const rulesOutput = (
  schedule: RotationSchedule | undefined,
): { readonly rotationRules?: RotationRulesOutput } => {
  if (!schedule) return {};
  const { automaticallyAfterDays, rotateImmediately } = schedule;
  return { rotationRules: { automaticallyAfterDays, rotateImmediately } };
};
