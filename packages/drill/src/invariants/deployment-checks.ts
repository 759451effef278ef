import { regionOfArn } from "@standby/topology";
import type { PlannedChange } from "../preview.ts";
import { count, defineCheck } from "./check.ts";

export const stacksCameUp = defineCheck("stacks-came-up", ["outputs"], ({ outputs }) => {
  const { primary, recovery } = outputs;
  return {
    ok: primary.role === "primary" && recovery.role === "recovery",
    detail: `${primary.role} in ${primary.region}, ${recovery.role} in ${recovery.region}`,
  };
});

export const secondUpChangesNothing = defineCheck(
  "second-up-changes-nothing",
  ["secondUps"],
  ({ secondUps }) => {
    const changed = secondUps.filter((run) => run.changed).map((run) => run.stack);
    return {
      ok: secondUps.length > 0 && changed.length === 0,
      detail:
        changed.length === 0
          ? `${secondUps.map((run) => run.stack).join(" and ")}: no change`
          : `changed again: ${changed.join(", ")}`,
    };
  },
);

export const failoverRepeatsQuietly = defineCheck(
  "failover-repeats-quietly",
  ["repeatedFailover"],
  ({ repeatedFailover: run }) => ({
    ok: !run.changed,
    detail: run.changed
      ? `another up of ${run.stack} after the failover changed something`
      : `another up of ${run.stack} after the failover changed nothing`,
  }),
);

const isPromotion = (change: PlannedChange): boolean =>
  change.operation === "update" &&
  change.type === "aws:rds/instance:Instance" &&
  change.properties.includes("replicateSourceDb");

const isRecordMove = (change: PlannedChange): boolean =>
  change.operation === "update" &&
  change.type === "aws:route53/record:Record" &&
  change.properties.includes("records");

const describe = (change: PlannedChange): string =>
  `${change.operation} ${change.type.split(":").at(-1)} (${change.properties.join(", ")})`;

/** The function's one value, and which of the two alarms tells. */
const isSwitchMove = ({ operation, type, properties }: PlannedChange): boolean =>
  operation === "update" &&
  ((type === "aws:lambda/function:Function" && properties.join() === "environment") ||
    (type === "aws:cloudwatch/metricAlarm:MetricAlarm" && properties.join() === "actionsEnabled"));

export const previewIsTheMove = defineCheck(
  "failover-preview-is-the-move",
  ["preview"],
  ({ preview, dnsSwitch }) => {
    const rest = preview.filter((change) => !isPromotion(change));
    const moves = dnsSwitch === "record" ? rest.every(isRecordMove) : rest.every(isSwitchMove);
    return {
      ok: preview.some(isPromotion) && rest.length === (dnsSwitch === "record" ? 1 : 3) && moves,
      detail: preview.length === 0 ? "no change planned" : preview.map(describe).join("; "),
    };
  },
);

export const stackFilesUntouched = defineCheck(
  "stack-files-untouched",
  ["stackFiles"],
  ({ stackFiles: { before, after } }) => {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const changed = names.filter((name) => before[name] !== after[name]);
    return {
      ok: names.length > 0 && changed.length === 0,
      detail:
        changed.length > 0
          ? `changed: ${changed.join(", ")}`
          : `${count(names.length, "committed file")}, the same as before`,
    };
  },
);

export const ownSecretCopy = defineCheck(
  "own-secret-copy",
  ["health", "outputs"],
  ({ health, outputs, recoveryRegion, primaryRegion }) => {
    const { arn } = health.secret;
    const isOwn =
      health.region === recoveryRegion &&
      regionOfArn(arn) === recoveryRegion &&
      arn === outputs.recovery.secretArn;
    return {
      ok: isOwn,
      detail: `with ${primaryRegion} lost, the application in ${health.region} used ${arn}`,
    };
  },
);

export const sameHostName = defineCheck(
  "same-host-name",
  ["health", "outputs"],
  ({ health, outputs }) => {
    const { host, target } = health.database;
    const { databaseHostName, database } = outputs.recovery;
    return {
      ok: host === databaseHostName && target === database.address,
      detail: `the secret's host ${host} led to ${target}`,
    };
  },
);
