export type Clock = "fast" | "aws";

/**
 * Every wait that the local cloud makes up, in one place, so that a report can print them beside what it measured.
 * `fast` shortens AWS's waits so that a rehearsal takes seconds; `aws` keeps them.
 */
export interface Dials {
  readonly clock: Clock;
  /** The DNS server never answers with a longer TTL. Undefined: the record's own TTL. */
  readonly maximumTtlSeconds: number | undefined;
  /** From `CreateDBInstance` to `available`, beyond what the database server itself needs. */
  readonly databaseCreationSeconds: number;
  /** From `PromoteReadReplica` to `available`, the restart of the database server included. */
  readonly promotionSeconds: number;
  /** From `ModifyDBInstance` to `available`. */
  readonly modificationSeconds: number;
  /** From an accepted change to INSYNC and to the DNS server's answer. */
  readonly recordPropagationSeconds: number;
  /** From a change of a primary secret to its replicas. */
  readonly secretReplicationSeconds: number;
  /** How long a day of a secret's rotation schedule lasts. */
  readonly rotationDaySeconds: number;
  /** From a step of a rotation that failed to the next attempt at all four. AWS publishes no figure. */
  readonly rotationRetrySeconds: number;
  /** How long a minute of a scheduled rule lasts, and one of an alarm's period. */
  readonly scheduleMinuteSeconds: number;
  /** From one evaluation of every alarm to the next. */
  readonly alarmEvaluationSeconds: number;
  /** From one look of a health check at its alarm's data to the next; its answer follows at once. */
  readonly healthCheckSeconds: number;
  /** The AWS provider's waiter for a database: first look, interval, consecutive good looks. */
  readonly databaseWaiter: Waiter;
  /** The AWS provider's waiter for a Route 53 change. */
  readonly recordWaiter: Waiter;
  /** The AWS provider's waiter for a function to become Active. */
  readonly functionWaiter: Waiter;
}

export interface Waiter {
  readonly firstSeconds: number;
  readonly intervalSeconds: number;
  readonly consecutive: number;
}

const quick: Waiter = { firstSeconds: 0.05, intervalSeconds: 0.1, consecutive: 1 };

/** The `aws` figures of the provider's waiters were read in its source; RDS, Route 53 and CloudWatch publish no figures for the rest, these are typical ones. */
export const dialsOf = (clock: Clock): Dials =>
  clock === "fast"
    ? {
        clock,
        maximumTtlSeconds: 5,
        databaseCreationSeconds: 0,
        promotionSeconds: 3,
        modificationSeconds: 0.2,
        recordPropagationSeconds: 0.5,
        secretReplicationSeconds: 0.3,
        rotationDaySeconds: 86_400,
        rotationRetrySeconds: 2,
        scheduleMinuteSeconds: 2,
        alarmEvaluationSeconds: 0.25,
        healthCheckSeconds: 0.25,
        databaseWaiter: quick,
        recordWaiter: quick,
        functionWaiter: quick,
      }
    : {
        clock,
        maximumTtlSeconds: undefined,
        databaseCreationSeconds: 120,
        promotionSeconds: 180,
        modificationSeconds: 30,
        recordPropagationSeconds: 30,
        secretReplicationSeconds: 5,
        rotationDaySeconds: 86_400,
        rotationRetrySeconds: 60,
        scheduleMinuteSeconds: 60,
        alarmEvaluationSeconds: 60,
        healthCheckSeconds: 30,
        databaseWaiter: { firstSeconds: 60, intervalSeconds: 10, consecutive: 3 },
        recordWaiter: { firstSeconds: 15, intervalSeconds: 15, consecutive: 1 },
        functionWaiter: { firstSeconds: 5, intervalSeconds: 1, consecutive: 1 },
      };
