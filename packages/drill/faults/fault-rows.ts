import type { Proof } from "./fault-table.ts";

const scenario: Proof = { by: "scenario" };
const test = (file: string, name: string): Proof => ({ by: "test", file, name });

const access = (file: string) => `packages/secret-access/tests/${file}.test.ts`;
const program = (file: string) => `packages/infrastructure/tests/${file}.test.ts`;
const commands = (file: string) => `packages/recovery/tests/${file}.test.ts`;

/** Fault, right behaviour and proof, row 1 first. */
export const faultRows: readonly (readonly [string, string, Proof])[] = [
  [
    "no API of the primary Region answers",
    "the failover goes on without that Region: one look at the source, nothing else but Route 53",
    scenario,
  ],
  ["the primary Region answers 503", "the same, within two minutes", scenario],
  ["the primary Region accepts connections and is silent", "no command hangs", scenario],
  [
    "Route 53's control plane is down",
    "promoted, exit 4, what is left is said; the same command goes on there",
    scenario,
  ],
  ["a change of the record stays PENDING", "not confirmed at the deadline: exit 4", scenario],
  [
    "the record is the old one again after an accepted change",
    "found by reading the record; the next update moves it",
    test(
      program("record-moved-by-hand.integration"),
      "back to the database that was failed away from returns to the writer with a refreshed update",
    ),
  ],
  ["PriorRequestNotComplete and Throttling of Route 53", "retried", scenario],
  [
    "the record is deleted by hand",
    "a finding; the application refuses with a class of its own; the next refreshed update makes it again",
    scenario,
  ],
  [
    "the resolver answers SERVFAIL",
    "connections that work are kept",
    test(
      access("moved-cname.integration"),
      "keeps the connections that work while DNS does not answer",
    ),
  ],
  [
    "a resolver keeps the old address",
    "the old, read-only server is left at the first refused write",
    test(
      access("moved-cname.integration"),
      "leaves a read-only server after one refused write by pool.query",
    ),
  ],
  [
    "the CNAME names a stranger's database",
    "a finding; the application does not connect",
    scenario,
  ],
  [
    "the CNAME names the replica before its promotion",
    "a finding; writes are refused as database-read-only",
    scenario,
  ],
  [
    "the replica is ten minutes behind",
    "a finding with the lag; a failover wants --accept-data-loss",
    scenario,
  ],
  ["the replica receives nothing", "the lag is unknown, never 0", scenario],
  [
    "what applies on the replica stops with error 1062",
    "a finding with the number; only --accept-data-loss unknown takes it",
    scenario,
  ],
  [
    "the replica is deleted, or renamed",
    "found before a failover, which is refused",
    test(program("moves.integration"), "is refused under another name, and goes on under its own"),
  ],
  ["RDS is busy with the replica", "waits and tries again", scenario],
  [
    "the promotion takes its time",
    "the CNAME moves after the database is available and standalone, not before",
    scenario,
  ],
  ["the answer to the promotion is lost", "it is not taken for a failure; promoted once", scenario],
  [
    "the old source comes back and takes writes",
    "split-brain, until the next update of its stack fences it",
    scenario,
  ],
  [
    "the application holds connections to the old primary",
    "they are left although the old server answers",
    test(
      access("moved-cname.integration"),
      "moves every pooled connection although the old server still answers",
    ),
  ],
  [
    "pulumi up of the primary stack after the failover",
    "the CNAME stays, no database is made",
    scenario,
  ],
  [
    "the secret's name is taken in the recovery Region",
    "the update is red although the provider's part is green",
    test(
      program("secret-copies.integration"),
      "turns the update red with AWS's reason, again and again, until it is made",
    ),
  ],
  [
    "the copy's key is disabled while the secret changes",
    "exposed; the old version stays readable and is called stale",
    test(
      commands("look.integration"),
      "whose copy of the secret cannot follow is exposed, and ready when it can again",
    ),
  ],
  [
    "the database has a password that the Region's copy has not got yet",
    "AWSPENDING, then a refreshed value, bounded",
    test(
      access("rotation.integration"),
      "costs two calls and no failed request while the label lags behind the password",
    ),
  ],
  [
    "the secret is newer than the replica's user table",
    "AWSPREVIOUS, until the row arrives",
    test(
      access("rotation.integration"),
      "logs in with AWSPREVIOUS when the server's user table is behind the secret",
    ),
  ],
  [
    "a rotation stands half way",
    "both orders connect",
    test(
      access("rotation.integration"),
      "logs in with AWSPENDING when the password is changed and the label not yet moved",
    ),
  ],
  [
    "the role may not use the copy's key",
    "preflight finds it by reading, as KMS's refusal",
    scenario,
  ],
  ["the copy's key is disabled", "a finding; the application goes on with what it holds", scenario],
  ["the resource policy denies the recovery Region", "preflight finds it by reading", scenario],
  [
    "the secret is deleted; its copy is removed",
    "refused while there is a copy; without it a finding, and the application goes on for a while",
    scenario,
  ],
  ["a malformed value; a database's endpoint as host", "findings that show no value", scenario],
  [
    "GetSecretValue is throttled",
    "few calls, whatever the number of requests",
    test(access("secret-cache"), "before the first value costs a few calls and not one a request"),
  ],
  [
    "AWS credentials expire",
    "replaced once, then a typed error; open connections are left alone",
    test(
      access("aws-credentials.integration"),
      "are named by a typed error when there are no others, and leave open connections alone",
    ),
  ],
  [
    "the clock is wrong",
    "corrected once by the time that AWS tells",
    test(
      access("aws-credentials.integration"),
      "minutes is made up for by the time that Secrets Manager tells",
    ),
  ],
  [
    "pulumi up is killed with -9",
    "the same update goes on",
    test(program("killed-update.integration"), "an update that is killed with -9"),
  ],
  [
    "a killed update leaves its lock",
    "removed when its owner is known to be dead, else left alone",
    test(commands("engine"), "is left alone when its update may run on another machine"),
  ],
  ["two operators at once", "exit 0 and exit 3, which names the other one", scenario],
  [
    "the state cannot be read or written",
    "the break-glass page: promotion and CNAME by AWS's own commands, in order",
    scenario,
  ],
  [
    "the primary Region's state is gone",
    "not needed by a failover",
    test(program("moves.integration"), "needs neither the primary stack's state nor its Region"),
  ],
  ["IAM's control plane is down", "the failover asks nothing of it", scenario],
  [
    "the update would replace or delete something",
    "refused before anything is moved",
    test(
      commands("failover"),
      "refuses, before it touches anything, when the update would do more than move",
    ),
  ],
  [
    "the flag is turned off before there is a way back",
    "refused; the CNAME never returns to the stale primary",
    test(
      program("failover.integration"),
      "refuses to go back to the database that was failed away from, and leaves everything as it is",
    ),
  ],
  [
    "pulumi destroy of the primary stack; DeleteDBInstance",
    "database, secret, keys and zone stay; the recovery Region takes writes",
    scenario,
  ],
  [
    "the certificate is another host's, or of an unknown authority",
    "no connection, never without TLS",
    test(
      access("database-pool.integration"),
      "refuses a server whose certificate names another database",
    ),
  ],
  [
    "the server has no connection free",
    "refused for now, with a class of its own; as before when one is free",
    scenario,
  ],
  ["the Regions' parameter groups drift apart", "preflight names the parameter", scenario],
  [
    "no private name of Secrets Manager in the recovery VPC",
    "the question is asked inside the VPC, and its silence ends at the deadline",
    test(
      access("database-pool.integration"),
      "gives up within the deadline when Secrets Manager does not answer",
    ),
  ],
];
