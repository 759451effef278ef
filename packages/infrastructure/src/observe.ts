import * as aws from "@pulumi/aws";
import {
  generationOf,
  originTag,
  promotionRequested,
  promotionTag,
  serviceTag,
} from "@standby/topology";

/** One database of the service in the stack's own Region, as the RDS API shows it now. */
export interface ObservedDatabase {
  readonly identifier: string;
  readonly generation: number;
  readonly arn: string;
  /** Absent for a standalone database: it takes writes. */
  readonly sourceArn?: string;
  /** The origin tag: `created`, or the ARN that it was born as a replica of. Absent on a database that was restored by hand. */
  readonly origin?: string;
  /** An update of its own stack was told to promote it, whether it came to that or not. */
  readonly promotionRequested: boolean;
  readonly username: string;
  readonly databaseName: string;
}

/** What RDS shows of the service in one Region. The API of the invokes has no status: an instance that is modified looks like any other. */
export interface Observation {
  /** Oldest generation first. */
  readonly databases: readonly ObservedDatabase[];
  /** Identifiers that carry the service's tag and are not the name of a generation: a renamed database, or a foreign one. */
  readonly strangers: readonly string[];
}

/** The account that the credentials belong to. */
export const observeAccount = async (): Promise<string> =>
  (await aws.getCallerIdentity({})).accountId;

/**
 * The databases of the service in the stack's own Region. Found by tag, because a look-up by identifier ends the program when there
 * is none (`getInstance` is an error then, `getInstances` an empty list).
 */
export async function observeDatabases(service: string): Promise<Observation> {
  const found = await aws.rds.getInstances({ tags: { [serviceTag]: service } });
  const named = found.instanceIdentifiers.map((identifier) => ({
    identifier,
    generation: generationOf(service, identifier),
  }));
  const databases = await Promise.all(
    named.flatMap(({ identifier, generation }) =>
      generation === undefined ? [] : [observeDatabase(identifier, generation)],
    ),
  );
  return {
    databases: databases.sort((one, other) => one.generation - other.generation),
    strangers: named
      .filter(({ generation }) => generation === undefined)
      .map(({ identifier }) => identifier),
  };
}

async function observeDatabase(identifier: string, generation: number): Promise<ObservedDatabase> {
  const instance = await aws.rds.getInstance({ dbInstanceIdentifier: identifier });
  const origin = instance.tags[originTag];
  return {
    identifier,
    generation,
    arn: instance.dbInstanceArn,
    // An instance without a source has an empty text here, not an absent field.
    ...(instance.replicateSourceDb ? { sourceArn: instance.replicateSourceDb } : {}),
    ...(origin === undefined ? {} : { origin }),
    promotionRequested: instance.tags[promotionTag] === promotionRequested,
    username: instance.masterUsername,
    databaseName: instance.dbName,
  };
}
