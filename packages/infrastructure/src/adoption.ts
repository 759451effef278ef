import { generationOf } from "@standby/topology";
import type { Notice } from "./decide.ts";
import { wasCreated } from "./generations.ts";
import type { Observation, ObservedDatabase } from "./observe.ts";
import type { Refusal } from "./refusal.ts";

/*
 * A database that was there before is read and never declared: nothing here can change, promote or delete it. So it is looked at before
 * it is counted on, and what this program would do to a database of its own is printed as commands.
 */

export interface AdoptionFacts {
  readonly stack: string;
  readonly service: string;
  readonly region: string;
  readonly fenced: boolean;
  /** `database.existing.identifier`. */
  readonly adopts: string | undefined;
  readonly observed: Observation;
}

const key = "standby:database.existing.identifier";

/** Why the named database cannot be adopted. */
export function adoptionRefusals(facts: AdoptionFacts): readonly Refusal[] {
  const { adopts, observed, region } = facts;
  if (adopts === undefined) return [];
  const adopted = observed.databases.find((database) => database.adopted);
  if (!adopted?.adopted) return [absent(facts)];
  const look = `aws rds describe-db-instances --db-instance-identifier ${adopted.identifier} --region ${region}`;
  const refusals: Refusal[] = [];
  if (adopted.adopted.engine !== "mysql")
    refusals.push({
      key,
      reason: "names a database of another engine: only RDS for MySQL is known here",
      next: look,
    });
  if (adopted.adopted.passwordManagedByRds)
    refusals.push({
      key,
      reason:
        "names a database whose password RDS keeps in a secret of its own: RDS gives it no read replica, and that secret cannot be replicated",
      next: `aws rds modify-db-instance --db-instance-identifier ${adopted.identifier} --no-manage-master-user-password --apply-immediately --region ${region} --cli-input-json file://<a file with MasterUserPassword>`,
    });
  const made = observed.databases.find((database) => !database.adopted && wasCreated(database));
  if (made)
    refusals.push({
      key,
      reason: `would put another database before ${made.identifier}, which this stack made`,
      next: `pulumi config rm --path database.existing -s ${facts.stack}`,
    });
  if (facts.fenced && observed.databases.at(-1) === adopted)
    refusals.push(fencedByHand(facts, adopted));
  return refusals;
}

/** Of the primary Region alone: replicas are made of it, and writes go to it. */
export const adoptedReplicaRefusals = ({
  observed,
  region,
}: Pick<AdoptionFacts, "observed" | "region">): readonly Refusal[] =>
  observed.databases
    .filter(({ adopted, sourceArn }) => adopted && sourceArn !== undefined)
    .map(({ identifier }) => ({
      key,
      reason: "names a read replica: the primary Region's database takes the writes",
      next: `aws rds describe-db-instances --db-instance-identifier ${identifier} --region ${region} --query 'DBInstances[].ReadReplicaSourceDBInstanceIdentifier', and name that one`,
    }));

/** A replica of anything else would lack the writes that the CNAME's clients make. */
export const foreignSourceRefusals = (
  { observed, region }: Pick<AdoptionFacts, "observed" | "region">,
  primaryDatabaseArn: string,
): readonly Refusal[] =>
  observed.databases
    .filter(({ adopted, sourceArn }) => adopted && sourceArn && sourceArn !== primaryDatabaseArn)
    .map(({ identifier }) => ({
      key,
      reason: "names a replica of another database than the primary stack's",
      next: `aws rds describe-db-instances --db-instance-identifier ${identifier} --region ${region} --query 'DBInstances[].ReadReplicaSourceDBInstanceIdentifier'`,
    }));

/** What the primary Region's database lacks for a replica, and its owner has to add. */
export function adoptionNotices({
  observed,
  region,
}: Pick<AdoptionFacts, "observed" | "region">): readonly Notice[] {
  const notices: Notice[] = [];
  for (const { identifier, adopted } of observed.databases) {
    if (adopted?.backupRetentionDays === 0)
      notices.push({
        message: `the database ${identifier} has no automated backups: RDS makes no replica of it`,
        next: `aws rds modify-db-instance --db-instance-identifier ${identifier} --backup-retention-period 7 --apply-immediately --region ${region}`,
      });
    if (adopted?.storageEncrypted === false)
      notices.push({
        message: `the database ${identifier} is not encrypted: this program makes encrypted replicas, and RDS makes none of it`,
        next: `restore an encrypted copy of it: aws rds create-db-snapshot, aws rds copy-db-snapshot --kms-key-id <key>, aws rds restore-db-instance-from-db-snapshot --region ${region}`,
      });
  }
  return notices;
}

/** The database that the last update knew was adopted: its name is not one of ours. */
export const wasAdopted = (service: string, lastDatabase: string | undefined): boolean =>
  lastDatabase !== undefined && generationOf(service, lastDatabase) === undefined;

const absent = ({ stack, region, observed }: AdoptionFacts): Refusal => ({
  key,
  reason: "names no database that RDS shows in this stack's Region",
  next:
    observed.databases.length > 0
      ? `pulumi config rm --path database.existing -s ${stack}, if it has served its time`
      : `aws rds describe-db-instances --region ${region}, then edit Pulumi.${stack}.yaml`,
});

const fencedByHand = (
  { stack, region }: AdoptionFacts,
  { identifier }: ObservedDatabase,
): Refusal => ({
  key: "standby:fenced",
  reason: `asks for a change of ${identifier}, which was there before this program and is only read`,
  next: `aws rds modify-db-parameter-group --parameters ParameterName=read_only,ParameterValue=1,ApplyMethod=immediate --region ${region} --db-parameter-group-name <the group of ${identifier}>; then pulumi config set fenced false -s ${stack}`,
});
