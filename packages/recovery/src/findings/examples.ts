import type { StackOutputs } from "@standby/topology";
import type { Finding } from "../finding.ts";
import { catalogue, type FactsOf, type FindingCode, finding } from "../findings.ts";
import type { Deployment } from "../observation.ts";

const outputs = (role: "primary" | "recovery", region: string, hash: string): StackOutputs => ({
  role,
  region,
  service: "orders-prod",
  databaseHostName: "db.orders.internal",
  database: {
    identifier: "orders-prod-1",
    arn: `arn:aws:rds:${region}:123456789012:db:orders-prod-1`,
    address: `orders-prod-1.${hash}.${region}.rds.amazonaws.com`,
    port: 3306,
  },
  secretArn: `arn:aws:secretsmanager:${region}:123456789012:secret:orders-prod/database-AbCdEf`,
  functionName: "orders-prod-orders-api",
  zoneId: "Z0123456789ABCDEFGHIJ",
  vpcId: "vpc-1",
  vpcCidr: "10.10.0.0/16",
});

/** The committed stack files, deployed. */
export const exampleDeployment: Deployment = {
  service: "orders-prod",
  accountId: "123456789012",
  primaryRegion: "us-east-1",
  recoveryRegion: "us-west-2",
  primaryStack: "prod-east",
  recoveryStack: "prod-west",
  databaseHostName: "db.orders.internal",
  zoneId: "Z0123456789ABCDEFGHIJ",
  recordTtlSeconds: 30,
  recoveryPoint: { maximumLagSeconds: 60, maximumAgeSeconds: 900 },
  primary: outputs("primary", "us-east-1", "c1a2b3"),
  recovery: outputs("recovery", "us-west-2", "d4e5f6"),
  flags: {
    failover: false,
    readOnlyFailover: false,
    fenced: { primary: false, recovery: false },
    replicateFrom: { primary: undefined, recovery: undefined },
    acceptDataLoss: undefined,
  },
};

const database = { identifier: "orders-prod-1", region: "us-west-2" };
const copy = { arn: exampleDeployment.recovery.secretArn, region: "us-west-2" };
const operation = { kind: "failover", owner: "ann@desk (pid 1)", since: "2026-11-24T03:00:00Z" };

/** Facts for each code: a code that is added to the catalogue does not compile without. */
const samples: { readonly [Code in FindingCode]: FactsOf<Code> } = {
  "split-brain": { writers: ["orders-prod-1 in us-east-1", "b"], fence: "us-east-1" },
  "no-writer": { target: undefined },
  "no-standby": { active: "us-west-2", why: "us-east-1 has no database" },
  "region-unreachable": { region: "us-east-1", active: true },
  "not-allowed-to-look": { what: "RDS in us-east-1: AccessDenied" },
  "not-seen": { what: "RDS in us-east-1: Throttling" },
  "operation-under-way": operation,
  "operation-abandoned": operation,
  "failover-unfinished": database,
  "flag-not-set": database,
  "flag-not-committed": { file: "Pulumi.prod-west.yaml", subject: "Fail over to us-west-2" },
  "promoted-by-somebody": database,
  "not-replicating": { ...database, why: "it does not receive" },
  "follows-another-source": { ...database, source: "arn" },
  "replication-lag": { ...database, lagSeconds: 90, objectiveSeconds: 60 },
  "lag-record-stale": { ...database, why: "there is none" },
  "lag-unknown": { ...database, problem: "timeout" },
  "database-not-available": { ...database, status: "modifying" },
  "database-unreachable": { ...database, problem: "timeout" },
  "password-refused": database,
  "fence-not-in-force": database,
  "read-only-failover": database,
  "backups-off": database,
  "binary-log-retention": database,
  "global-transactions-off": database,
  "engine-versions": { source: "8.4.5", replica: "8.4.4" },
  "parameters-differ": { names: ["max_connections"] },
  "backup-window": { ...database, window: "03:00-04:00" },
  "deletion-protection-off": database,
  "events-disabled": { ...database, events: ["orders.purge"] },
  "secret-not-in-sync": { ...copy, why: "its replication is Failed" },
  "secret-versions-differ": copy,
  "secret-unreadable": { ...copy, why: "AccessDenied" },
  "secret-missing": copy,
  "secret-deleted": copy,
  "secret-standalone": copy,
  "secret-host": { region: "us-west-2", host: "orders-prod-1.x.us-east-1.rds.amazonaws.com" },
  "rotation-unfinished": copy,
  "rotation-overdue": { ...copy, dueAt: "2026-11-23T00:00:00.000Z" },
  "record-unseen": { why: "ServiceUnavailable" },
  "record-names-nobody": { target: "elsewhere.example.com" },
  "record-behind": { target: "a", writer: "b" },
  "answers-differ": { region: "us-west-2", answer: "a", target: "b" },
  "record-ttl": { ttlSeconds: 300 },
  "switch-silent": { why: "AccessDenied" },
  "switch-elsewhere": { published: "us-west-2", expected: "us-east-1" },
  "record-owner": {},
  "zone-not-associated": { region: "us-west-2", vpcId: "vpc-1" },
  "functions-differ": { functionName: "orders-prod-orders-api" },
  "function-missing": { functionName: "orders-prod-probe", region: "us-west-2" },
  "host-not-allowed": { functionName: "f", region: "us-west-2", host: "h" },
  "program-differs": { deployedCommit: "0123456789abcdef0123456789abcdef01234567" },
  "state-in-primary-region": { stack: "prod-west", what: "the backend of the state" },
  "wrong-account": { account: "210987654321" },
  "credentials-expire": { minutes: 5 },
  "credentials-need-primary-region": { setting: "sso_region of the profile ops" },
  "engine-missing": { what: "pulumi" },
  "stack-locked": { stack: "prod-west", owner: "ann@desk (pid 1)" },
  "pending-operations": { stack: "prod-west", operations: ["updating database-1"] },
  "preview-not-empty": { stack: "prod-west", operations: ["delete"] },
  "preview-fails": { stack: "prod-west", why: "a refusal" },
  "loss-unknown": { why: "nobody answered" },
  "break-glass-not-stored": { why: "AccessDenied" },
  "preflight-red": {},
  "preflight-stale": {},
  "monitor-silent": {},
  "storage-low": database,
  "connections-high": database,
  "functions-failing": { functionName: "orders-prod-orders-api", region: "us-west-2" },
};

/** Each finding of the catalogue as one case of it is told: what the runbook and the commands are compared with. */
export const exampleFindings = (): readonly Finding[] =>
  (Object.keys(catalogue) as FindingCode[]).map(<Code extends FindingCode>(code: Code) =>
    finding(code, exampleDeployment, samples[code]),
  );
