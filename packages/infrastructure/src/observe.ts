import * as aws from "@pulumi/aws";
import {
  type DatabaseOutput,
  generationOf,
  originTag,
  promotionRequested,
  promotionTag,
  serviceTag,
} from "@standby/topology";

/** One database of the service in one Region, as the RDS API shows it now. */
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
  /** Present on a database that was there before this program, which reads it and never declares it. */
  readonly adopted?: Adoption;
}

/** What counts of a database that somebody else describes. */
interface Adoption {
  readonly output: DatabaseOutput;
  readonly engine: string;
  readonly storageEncrypted: boolean;
  readonly backupRetentionDays: number;
  /** RDS keeps its password in a secret of its own, which cannot be replicated. */
  readonly passwordManagedByRds: boolean;
}

/** An adopted database comes before every one that this program makes. */
const adoptedGeneration = 0;

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
/** Where to look: in another Region than the stack's own, or for a database that the stack adopts. */
export interface ObservedPlace {
  readonly region?: string;
  readonly adopts?: string | undefined;
}

/**
 * The databases of the service in one Region, by default the stack's own, and the one that it adopts there. Found by tag or filter,
 * because a look-up by identifier ends the program when there is none (`getInstance` is an error then, `getInstances` an empty list).
 */
export async function observeDatabases(
  service: string,
  { adopts, ...place }: ObservedPlace,
): Promise<Observation> {
  const adopted = adopts === undefined ? [] : await observeAdopted(adopts);
  const found = await aws.rds.getInstances({ tags: { [serviceTag]: service }, ...place });
  const named = found.instanceIdentifiers
    .filter((identifier) => identifier !== adopts)
    .map((identifier) => ({ identifier, generation: generationOf(service, identifier) }));
  const databases = await Promise.all(
    named.flatMap(({ identifier, generation }) =>
      generation === undefined ? [] : [observeDatabase(identifier, generation, place)],
    ),
  );
  return {
    databases: [...adopted, ...databases].sort((one, other) => one.generation - other.generation),
    strangers: named
      .filter(({ generation }) => generation === undefined)
      .map(({ identifier }) => identifier),
  };
}

async function observeAdopted(identifier: string): Promise<readonly ObservedDatabase[]> {
  const filters = [{ name: "db-instance-id", values: [identifier] }];
  const { instanceIdentifiers } = await aws.rds.getInstances({ filters });
  if (!instanceIdentifiers.includes(identifier)) return [];
  const instance = await aws.rds.getInstance({ dbInstanceIdentifier: identifier });
  return [
    {
      ...observed(instance, adoptedGeneration),
      adopted: {
        output: {
          identifier,
          arn: instance.dbInstanceArn,
          address: instance.address,
          port: instance.port,
        },
        engine: instance.engine,
        storageEncrypted: instance.storageEncrypted,
        backupRetentionDays: instance.backupRetentionPeriod,
        passwordManagedByRds: (instance.masterUserSecrets ?? []).length > 0,
      },
    },
  ];
}

const observeDatabase = async (
  identifier: string,
  generation: number,
  place: Pick<ObservedPlace, "region">,
): Promise<ObservedDatabase> =>
  observed(await aws.rds.getInstance({ dbInstanceIdentifier: identifier, ...place }), generation);

function observed(instance: aws.rds.GetInstanceResult, generation: number): ObservedDatabase {
  const origin = instance.tags[originTag];
  return {
    identifier: instance.dbInstanceIdentifier,
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
