import { type DBInstance, paginateDescribeDBInstances, type RDSClient } from "@aws-sdk/client-rds";
import {
  generationOf,
  promotionRequested,
  promotionTag,
  type StackOutputs,
  serviceTag,
} from "@standby/topology";
import type { LiveDatabase } from "./actions.ts";
import { callWithin } from "./call-within.ts";

const listSeconds = 20;

/** Comes before every one that the program makes. */
const adoptedGeneration = 0;

/**
 * Every database of the service in one Region, oldest generation first: those that carry its tag and name, and the one that the stack
 * names, which may have been there before the program and have neither.
 */
export async function readLiveDatabases(
  rds: RDSClient,
  outputs: StackOutputs,
  service: string,
  signal: AbortSignal,
): Promise<readonly LiveDatabase[]> {
  const found: LiveDatabase[] = [];
  for await (const { DBInstances = [] } of paginateDescribeDBInstances(
    { client: rds },
    {},
    callWithin(listSeconds, signal),
  ))
    for (const instance of DBInstances) {
      const identifier = instance.DBInstanceIdentifier ?? "";
      const tagged = tagOf(instance, serviceTag) === service;
      const generation = tagged ? generationOf(service, identifier) : undefined;
      if (generation !== undefined || identifier === outputs.database.identifier)
        found.push(live(instance, outputs.region, generation ?? adoptedGeneration));
    }
  return found.sort((one, other) => one.generation - other.generation);
}

const live = (instance: DBInstance, region: string, generation: number): LiveDatabase => ({
  region,
  generation,
  identifier: instance.DBInstanceIdentifier ?? "",
  arn: instance.DBInstanceArn ?? "",
  resourceId: instance.DbiResourceId ?? "",
  address: instance.Endpoint?.Address,
  status: instance.DBInstanceStatus ?? "unknown",
  // A standalone instance has an empty text here, or nothing.
  sourceArn: instance.ReadReplicaSourceDBInstanceIdentifier || undefined,
  promotionRequested: tagOf(instance, promotionTag) === promotionRequested,
  parameterGroup: instance.DBParameterGroups?.[0]?.DBParameterGroupName ?? "",
  backupRetentionDays: instance.BackupRetentionPeriod ?? 0,
});

const tagOf = ({ TagList = [] }: DBInstance, key: string): string | undefined =>
  TagList.find(({ Key }) => Key === key)?.Value;
