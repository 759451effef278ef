import * as aws from "@pulumi/aws";
import { generationOf, serviceTag } from "@standby/topology";

/** One database of the service in the stack's own Region, as the RDS API shows it now. */
export interface ObservedDatabase {
  readonly identifier: string;
  readonly generation: number;
  readonly arn: string;
  /** Absent for a standalone database: it takes writes. */
  readonly sourceArn?: string;
  readonly username: string;
  readonly databaseName: string;
}

/** The account that the credentials belong to. */
export const observeAccount = async (): Promise<string> =>
  (await aws.getCallerIdentity({})).accountId;

/**
 * The databases of the service in the stack's own Region, oldest generation first. Found by tag, because a look-up by identifier
 * ends the program when there is none (`getInstance` is an error then, `getInstances` an empty list).
 */
export async function observeDatabases(service: string): Promise<readonly ObservedDatabase[]> {
  const found = await aws.rds.getInstances({ tags: { [serviceTag]: service } });
  const databases = await Promise.all(
    found.instanceIdentifiers.map((identifier) => observeDatabase(service, identifier)),
  );
  return databases
    .filter((database) => database !== undefined)
    .sort((one, other) => one.generation - other.generation);
}

async function observeDatabase(
  service: string,
  identifier: string,
): Promise<ObservedDatabase | undefined> {
  const generation = generationOf(service, identifier);
  if (generation === undefined) return undefined;
  const instance = await aws.rds.getInstance({ dbInstanceIdentifier: identifier });
  return {
    identifier,
    generation,
    arn: instance.dbInstanceArn,
    // An instance without a source has an empty text here, not an absent field.
    ...(instance.replicateSourceDb ? { sourceArn: instance.replicateSourceDb } : {}),
    username: instance.masterUsername,
    databaseName: instance.dbName,
  };
}
