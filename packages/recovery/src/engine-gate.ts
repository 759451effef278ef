import type { PlannedOperation } from "./engine-preview.ts";
import { instanceType, parameterGroupType, recordType, securityGroupType } from "./engine-state.ts";
import { RefusedError } from "./errors.ts";

/** What a move may plan: by type, the operations, and of an update the properties. */
export interface Allowed {
  readonly [type: string]: {
    readonly create?: true;
    readonly update?: readonly string[];
  };
}

/**
 * A move that needs no new resource: a promotion seen, a fence, a name. `parameters` is the fence, the rest of the instance is what a
 * promotion changes.
 */
export const moveAllows: Allowed = {
  [instanceType]: {
    update: [
      "backupRetentionPeriod",
      "backupWindow",
      "engineVersion",
      "replicateSourceDb",
      "tags",
      "tagsAll",
    ],
  },
  [parameterGroupType]: { update: ["parameters", "tags", "tagsAll"] },
  [recordType]: { update: ["records"] },
  "aws:lambda/function:Function": { update: ["environment"] },
  // Of the two alarms on the name's metric, the one that tells.
  "aws:cloudwatch/metricAlarm:MetricAlarm": { update: ["actionsEnabled"] },
  // A picture: of an adopted database it names the next generation, which has another form of name.
  "aws:cloudwatch/dashboard:Dashboard": { update: ["dashboardBody"] },
  "pulumi:pulumi:Stack": { update: [] },
};

/** The same, and the next generation with everything that it needs of its own. */
export const rebuildAllows: Allowed = {
  ...moveAllows,
  [instanceType]: { create: true, update: moveAllows[instanceType]?.update ?? [] },
  [parameterGroupType]: { create: true, update: moveAllows[parameterGroupType]?.update ?? [] },
  // The alarms on a database of the recovery Region follow the newest one.
  "aws:cloudwatch/metricAlarm:MetricAlarm": { update: ["actionsEnabled", "dimensions"] },
  "aws:rds/subnetGroup:SubnetGroup": { create: true },
  [securityGroupType]: { create: true },
  "standby:database:RegionalDatabase": { create: true },
};

/** Operations that are not among the allowed ones or break a rule of the guard, in words; no replacement and no deletion ever is allowed. */
export function forbidden(
  planned: readonly PlannedOperation[],
  allowed: Allowed,
): readonly string[] {
  return planned.flatMap(({ operation, type, urn, changed, violations = [] }) => {
    const rule = allowed[type];
    const name = urn.split("::").at(-1) ?? urn;
    if (violations.length > 0) return [`${operation} ${type} ${name}: ${violations.join("; ")}`];
    if (operation === "create" && rule?.create) return [];
    if (operation === "update" && rule?.update) {
      const others = changed.filter((property) => !rule.update?.includes(property));
      return others.length === 0 ? [] : [`${operation} ${type} ${name}: ${others.join(", ")}`];
    }
    return [`${operation} ${type} ${name}`];
  });
}

/** @throws RefusedError that lists what was planned and is no part of this move. */
export function passGate(
  stack: string,
  planned: readonly PlannedOperation[],
  allowed: Allowed,
): void {
  const found = forbidden(planned, allowed);
  if (found.length === 0) return;
  throw new RefusedError(
    [
      `An update of ${stack} would do more than this move, so it was not begun:`,
      ...found.map((line) => `  ${line}`),
    ].join("\n"),
    [],
    [
      `pulumi preview --diff -s ${stack}`,
      "bring the program back to what is deployed, then the same command again",
    ],
  );
}
