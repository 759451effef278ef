import { finding } from "../findings.ts";
import type { DatabaseObservation } from "../observation.ts";
import {
  type Check,
  fail,
  type Outcome,
  type PreflightFacts,
  pass,
  skip,
  whenSeen,
} from "./check.ts";
import { withReplica, withSource } from "./placed-databases.ts";

/** The first of the current databases with the fault, or all is well; skipped when none was seen. */
function noneOf(
  { observation, picture }: PreflightFacts,
  code: "backups-off" | "global-transactions-off" | "deletion-protection-off",
  faulty: (database: DatabaseObservation) => boolean,
): Outcome {
  if (picture.current.length === 0) return skip("no database was seen");
  const found = picture.current.find(faulty);
  if (found) return fail(finding(code, observation.deployment, found));
  return pass(
    picture.current.map(({ identifier, region }) => `${identifier} in ${region}`).join(", "),
  );
}

const backups: Check = {
  id: "backups",
  title: "every database keeps backups",
  decisive: false,
  judge: (facts) => noneOf(facts, "backups-off", (each) => each.backupRetentionDays === 0),
};

const globalTransactions: Check = {
  id: "global-transactions",
  title: "transactions have global identifiers",
  decisive: false,
  judge: (facts) =>
    facts.picture.current.some(({ parameters }) => parameters === undefined)
      ? skip("a parameter group could not be read")
      : noneOf(
          facts,
          "global-transactions-off",
          ({ parameters }) => parameters?.["gtid-mode"] !== "ON",
        ),
};

const deletionProtection: Check = {
  id: "deletion-protection",
  title: "no database can be deleted by one call",
  decisive: false,
  judge: (facts) => noneOf(facts, "deletion-protection-off", (each) => !each.deletionProtection),
};

const binaryLogs: Check = {
  id: "binary-log-retention",
  title: "the source keeps its binary log",
  decisive: false,
  judge: (facts) =>
    withSource(facts, (source) =>
      whenSeen(source.inside, ({ binaryLogRetentionHours: hours }) =>
        hours === null
          ? fail(finding("binary-log-retention", facts.observation.deployment, source))
          : pass(`${hours} h`),
      ),
    ),
};

const engineVersions: Check = {
  id: "engine-versions",
  title: "the replica's engine is not older than its source's",
  decisive: false,
  judge: (facts) =>
    withSource(facts, (source) =>
      withReplica(facts, (replica) =>
        isOlder(replica.engineVersion, source.engineVersion)
          ? fail(
              finding("engine-versions", facts.observation.deployment, {
                source: source.engineVersion,
                replica: replica.engineVersion,
              }),
            )
          : pass(replica.engineVersion),
      ),
    ),
};

/** `8.4.10` is newer than `8.4.9`. */
function isOlder(version: string, than: string): boolean {
  const [mine, others] = [version, than].map((text) => text.split(".").map(Number));
  for (const [index, other] of (others ?? []).entries()) {
    const own = mine?.[index] ?? 0;
    if (own !== other) return own < other;
  }
  return false;
}

/** The fence: what a Region's role says of it differs on purpose. */
const ownToARegion = ["read_only"];

const parameters: Check = {
  id: "parameters",
  title: "both databases have the same parameters",
  decisive: false,
  judge: (facts) =>
    withSource(facts, (source) =>
      withReplica(facts, (replica) => {
        const [ofSource, ofReplica] = [source.parameters, replica.parameters];
        if (!ofSource || !ofReplica) return skip("a parameter group could not be read");
        const names = new Set([...Object.keys(ofSource), ...Object.keys(ofReplica)]);
        const different = [...names].filter(
          (name) => !ownToARegion.includes(name) && ofSource[name] !== ofReplica[name],
        );
        return different.length > 0
          ? fail(
              finding("parameters-differ", facts.observation.deployment, {
                names: different.sort(),
              }),
            )
          : pass(`${names.size} set`);
      }),
    ),
};

const backupWindow: Check = {
  id: "backup-window",
  title: "no backup is being made",
  decisive: false,
  judge: (facts) =>
    withReplica(facts, (replica) =>
      replica.status === "backing-up" ||
      isWithin(replica.preferredBackupWindow, facts.surroundings.at)
        ? fail(
            finding("backup-window", facts.observation.deployment, {
              ...replica,
              window: replica.preferredBackupWindow,
            }),
          )
        : pass(replica.preferredBackupWindow || "no window"),
    ),
};

/** `23:30-00:30`, in UTC: a window may span midnight. */
export function isWithin(window: string, at: Date): boolean {
  const [, fromHour, fromMinute, toHour, toMinute] =
    /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(window) ?? [];
  if (toMinute === undefined) return false;
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  const now = at.getUTCHours() * 60 + at.getUTCMinutes();
  return from <= to ? now >= from && now < to : now >= from || now < to;
}

export const databaseChecks: readonly Check[] = [
  backups,
  globalTransactions,
  binaryLogs,
  engineVersions,
  parameters,
  backupWindow,
  deletionProtection,
];
