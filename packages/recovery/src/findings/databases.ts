import { describeDatabase, entry, setFlag, stackOf, update } from "./entry.ts";

export interface Database {
  readonly identifier: string;
  readonly region: string;
}

const named = ({ identifier, region }: Database): string => `${identifier} in ${region}`;

/** The databases: replication, and what a promotion would inherit. */
export const databaseFindings = {
  "promoted-by-somebody": entry<Database>("error", (database, { recoveryStack }) => ({
    message: `${named(database)} is not a replica any more, and no flag of ${recoveryStack} asked for that: it lacks what the other Region took since`,
    remedy: ["standby rebuild"],
  })),
  "not-replicating": entry<Database & { readonly why: string }>("error", (database) => ({
    message: `${named(database)} does not replicate: ${database.why}`,
    remedy: [describeDatabase(database.identifier, database.region), "standby rebuild"],
  })),
  "follows-another-source": entry<Database & { readonly source: string }>("error", (database) => ({
    message: `${named(database)} replicates from ${database.source}, which is not the database that takes writes`,
    remedy: ["standby rebuild"],
  })),
  "replication-lag": entry<
    Database & { readonly lagSeconds: number; readonly objectiveSeconds: number }
  >("warning", (database) => ({
    message: `${named(database)} is ${database.lagSeconds} s behind; the objective is ${database.objectiveSeconds} s`,
    remedy: ["standby status --watch"],
  })),
  "lag-record-stale": entry<Database & { readonly why: string }>("warning", (database) => ({
    message: `of the record of the lag of ${named(database)}, which the bare flag goes by: ${database.why}`,
    remedy: [
      `aws logs tail /aws/lambda/${database.identifier.replace(/-\d+$/, "")}-probe --region ${database.region} --since 10m`,
      "standby failover",
    ],
  })),
  "lag-unknown": entry<Database & { readonly problem: string }>("warning", (database) => ({
    message: `nobody knows how far ${named(database)} is behind (${database.problem}): a failover now would want --accept-data-loss unknown`,
    remedy: ["standby preflight", describeDatabase(database.identifier, database.region)],
  })),
  "database-not-available": entry<Database & { readonly status: string }>(
    "warning",
    (database) => ({
      message: `${named(database)} is ${database.status}`,
      remedy: [describeDatabase(database.identifier, database.region)],
    }),
  ),
  "database-unreachable": entry<Database & { readonly problem: string }>("warning", (database) => ({
    message: `nobody could look inside ${named(database)} (${database.problem})`,
    remedy: [
      describeDatabase(database.identifier, database.region),
      `aws logs tail /aws/lambda/${database.identifier.replace(/-\d+$/, "")}-probe --region ${database.region} --since 10m`,
    ],
  })),
  "password-refused": entry<Database>("error", (database) => ({
    message: `${named(database)} does not accept the password of ${database.region}'s copy of the secret`,
    remedy: ["standby preflight", "standby history"],
  })),
  "fence-not-in-force": entry<Database>("error", (database, deployment) => {
    const stack = stackOf(deployment, database.region);
    return {
      message: `the flag fenced is on in Pulumi.${stack}.yaml, and ${named(database)} takes writes`,
      remedy: [update(stack)],
    };
  }),
  "read-only-failover": entry<Database>("notice", (database, { recoveryStack }) => ({
    message: `the CNAME names the replica ${named(database)}: reads are served, writes are refused`,
    remedy: [
      `${setFlag("readOnlyFailover", "false", recoveryStack)} && ${update(recoveryStack)}`,
      "standby failover",
    ],
  })),
  "backups-off": entry<Database>("error", (database, deployment) => ({
    message: `${named(database)} keeps no backups: promoted, it would have none, and nothing could replicate from it`,
    remedy: [update(stackOf(deployment, database.region))],
  })),
  "binary-log-retention": entry<Database>("warning", (database) => ({
    message: `${named(database)} keeps its binary log for no fixed time: with it goes the evidence of lost writes`,
    remedy: ["standby preflight --json"],
  })),
  "global-transactions-off": entry<Database>("error", (database, deployment) => ({
    message: `${named(database)} has no parameter gtid-mode=ON: a loss could not be counted, and no rebuild can catch up`,
    remedy: [update(stackOf(deployment, database.region))],
  })),
  "engine-versions": entry<{ readonly source: string; readonly replica: string }>(
    "error",
    ({ source, replica }, { recoveryStack }) => ({
      message: `the replica runs ${replica} and its source ${source}: a replica must not be older than its source`,
      remedy: [`pulumi preview -s ${recoveryStack}`],
    }),
  ),
  "parameters-differ": entry<{ readonly names: readonly string[] }>(
    "warning",
    ({ names }, { primaryStack, recoveryStack }) => ({
      message: `the Regions' databases differ in ${names.join(", ")}: after a failover the application would meet another server`,
      remedy: [`pulumi preview -s ${primaryStack}`, `pulumi preview -s ${recoveryStack}`],
    }),
  ),
  "backup-window": entry<Database & { readonly window: string }>("notice", (database) => ({
    message: `${named(database)} is in its backup window (${database.window} UTC): a promotion waits until the backup has ended`,
    remedy: [describeDatabase(database.identifier, database.region)],
  })),
  "deletion-protection-off": entry<Database>("warning", (database, deployment) => ({
    message: `${named(database)} can be deleted by one call`,
    remedy: [update(stackOf(deployment, database.region))],
  })),
  "events-disabled": entry<Database & { readonly events: readonly string[] }>(
    "warning",
    (database) => ({
      message: `${named(database)} takes writes and has scheduled events that replication disabled: ${database.events.join(", ")}`,
      remedy: ["standby rebuild --enable-events"],
    }),
  ),
} as const;
