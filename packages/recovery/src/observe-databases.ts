import {
  type DBInstance,
  DescribeDBParametersCommand,
  paginateDescribeDBInstances,
  type RDSClient,
} from "@aws-sdk/client-rds";
import {
  type DatabaseAnswer,
  generationOf,
  promotionRequested,
  promotionTag,
  type StackOutputs,
  serviceTag,
} from "@standby/topology";
import type { DatabaseObservation, Seen } from "./observation.ts";
import { type Look, look } from "./seen.ts";

/** What the databases of one Region are looked for with. */
export interface DatabaseSight {
  readonly service: string;
  /** The Region's stack as last known: names a database that was there before the program and has none of its names. */
  readonly outputs: StackOutputs;
  readonly rds: RDSClient;
  /** Asks the Region's probe for the inside of a database. Never throws but for the caller's signal. */
  inside(address: string): Promise<Seen<DatabaseAnswer>>;
}

/** Every database of the service in one Region, oldest generation first. What cannot be seen inside them hides none of them. */
export async function observeDatabases(
  sight: DatabaseSight,
  within: Look,
): Promise<Seen<readonly DatabaseObservation[]>> {
  const instances = await look(`RDS in ${sight.outputs.region}`, within, (signal) =>
    describeInstances(sight, signal),
  );
  if (!instances.seen) return instances;
  const databases = await Promise.all(
    instances.value.map(([instance, generation]) =>
      observeDatabase(sight, instance, generation, within),
    ),
  );
  return { seen: true, value: databases.sort((one, other) => one.generation - other.generation) };
}

async function describeInstances(sight: DatabaseSight, signal: AbortSignal) {
  const found: (readonly [instance: DBInstance, generation: number])[] = [];
  const pages = paginateDescribeDBInstances({ client: sight.rds }, {}, { abortSignal: signal });
  for await (const { DBInstances = [] } of pages)
    for (const instance of DBInstances) {
      const generation = generationIn(sight, instance);
      if (generation !== undefined) found.push([instance, generation]);
    }
  return found;
}

/** Comes before every one that the program makes. */
const adoptedGeneration = 0;

function generationIn({ service, outputs }: DatabaseSight, instance: DBInstance) {
  const identifier = instance.DBInstanceIdentifier ?? "";
  const generation = generationOf(service, identifier);
  if (generation !== undefined && tagOf(instance, serviceTag) === service) return generation;
  return identifier === outputs.database.identifier ? (generation ?? adoptedGeneration) : undefined;
}

const tagOf = ({ TagList = [] }: DBInstance, key: string): string | undefined =>
  TagList.find(({ Key }) => Key === key)?.Value;

async function observeDatabase(
  { rds, inside }: DatabaseSight,
  instance: DBInstance,
  generation: number,
  within: Look,
): Promise<DatabaseObservation> {
  const address = instance.Endpoint?.Address;
  const [parameters, answer] = await Promise.all([
    readParameters(rds, instance, within),
    address === undefined ? notBuiltYet(instance) : inside(address),
  ]);
  const [group] = instance.DBParameterGroups ?? [];
  return {
    identifier: instance.DBInstanceIdentifier ?? "",
    generation,
    arn: instance.DBInstanceArn ?? "",
    address,
    status: instance.DBInstanceStatus ?? "unknown",
    mode: modeOf(instance),
    sourceArn: instance.ReadReplicaSourceDBInstanceIdentifier || undefined,
    promotionRequested: tagOf(instance, promotionTag) === promotionRequested,
    parameters,
    fenceInSync: isOn(parameters?.["read_only"]) && group?.ParameterApplyStatus === "in-sync",
    backupRetentionDays: instance.BackupRetentionPeriod ?? 0,
    preferredBackupWindow: instance.PreferredBackupWindow ?? "",
    engineVersion: instance.EngineVersion ?? "",
    deletionProtection: instance.DeletionProtection === true,
    inside: answer,
  };
}

/** RDS shows no endpoint before there is a server behind it. */
const notBuiltYet = (instance: DBInstance): Seen<DatabaseAnswer> => ({
  seen: false,
  problem: {
    kind: "skipped",
    message: `${instance.DBInstanceIdentifier} has no endpoint yet (${instance.DBInstanceStatus})`,
  },
});

const modeOf = (instance: DBInstance): DatabaseObservation["mode"] => {
  if (instance.ReadReplicaSourceDBInstanceIdentifier) return "replica";
  return (instance.ReadReplicaDBInstanceIdentifiers ?? []).length > 0 ? "source" : "standalone";
};

/** As RDS and as MySQL spell it. */
const isOn = (value: string | undefined): boolean =>
  value !== undefined && ["1", "on", "true"].includes(value.toLowerCase());

/**
 * Only what was set: a whole group has hundreds. One that cannot be read says nothing, and is no reason to lose sight of the database:
 * what depends on a parameter then does not hold.
 */
async function readParameters(
  rds: RDSClient,
  { DBParameterGroups = [] }: DBInstance,
  within: Look,
): Promise<DatabaseObservation["parameters"]> {
  const name = DBParameterGroups[0]?.DBParameterGroupName;
  if (name === undefined || name.startsWith("default.")) return {};
  const parameters = await look(`the parameters of ${name}`, within, (signal) =>
    rds.send(new DescribeDBParametersCommand({ DBParameterGroupName: name, Source: "user" }), {
      abortSignal: signal,
    }),
  );
  if (!parameters.seen) return undefined;
  return Object.fromEntries(
    (parameters.value.Parameters ?? []).map(({ ParameterName = "", ParameterValue = "" }) => [
      ParameterName,
      ParameterValue,
    ]),
  );
}
