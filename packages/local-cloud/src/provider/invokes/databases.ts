import { type DBInstance, DescribeDBInstancesCommand, type Filter } from "@aws-sdk/client-rds";
import { during } from "../aws-call-error.ts";
import { maps, type PropertyMap, requiredText, text, textMap, texts } from "../property-values.ts";
import type { Scope } from "../resource-handler.ts";
import { tagMap } from "../tag-changes.ts";
import { findDatabase } from "../types/database-lookup.ts";
import { databaseState } from "../types/database-state.ts";

const hasTags = (database: DBInstance, wanted: Record<string, string>): boolean => {
  const tags = tagMap(database.TagList);
  return Object.entries(wanted).every(([name, value]) => tags[name] === value);
};

const everyDatabase = async (filters: Filter[], scope: Scope): Promise<DBInstance[]> => {
  const databases: DBInstance[] = [];
  let Marker: string | undefined;
  do {
    const command = new DescribeDBInstancesCommand({
      ...(filters.length > 0 ? { Filters: filters } : {}),
      Marker,
    });
    const page = await scope.aws.rds.send(command, { abortSignal: scope.signal });
    databases.push(...(page.DBInstances ?? []));
    Marker = page.Marker;
  } while (Marker);
  return databases;
};

const named = async (identifier: string, scope: Scope): Promise<DBInstance> => {
  const database = await findDatabase(scope, identifier).catch((error: unknown) => {
    throw during(`reading RDS DB Instance (${identifier})`, error);
  });
  if (!database) {
    throw new Error(`reading RDS DB Instance (${identifier}): couldn't find resource`);
  }
  return database;
};

const only = async (tags: Record<string, string>, scope: Scope): Promise<DBInstance> => {
  const all = (await everyDatabase([], scope)).filter((each) => hasTags(each, tags));
  const [database] = all;
  if (!database) throw new Error("reading RDS DB Instance: empty result");
  if (all.length > 1) throw new Error(`too many results: wanted 1, got ${all.length}`);
  return database;
};

/** There is no status in the answer, as there is none in the real one. */
export const getInstance = async (args: PropertyMap, scope: Scope): Promise<PropertyMap> => {
  const identifier = text(args, "dbInstanceIdentifier");
  const tags = textMap(args, "tags");
  const database = identifier ? await named(identifier, scope) : await only(tags, scope);
  if (!hasTags(database, tags)) {
    throw new Error(
      "Your query returned no results. Please change your search criteria and try again.",
    );
  }
  const state = databaseState(database, {});
  return {
    ...pick(state, sharedNames),
    dbInstanceArn: database.DBInstanceArn,
    dbInstanceClass: database.DBInstanceClass,
    dbInstanceIdentifier: database.DBInstanceIdentifier,
    dbInstancePort: database.DbInstancePort,
    dbName: database.DBName ?? "",
    dbParameterGroups: (database.DBParameterGroups ?? []).map(
      (group) => group.DBParameterGroupName ?? "",
    ),
    dbSubnetGroup: database.DBSubnetGroup?.DBSubnetGroupName ?? "",
    id: database.DBInstanceIdentifier,
    masterUsername: database.MasterUsername,
    optionGroupMemberships: (database.OptionGroupMemberships ?? []).map(
      (group) => group.OptionGroupName ?? "",
    ),
    preferredBackupWindow: database.PreferredBackupWindow,
    preferredMaintenanceWindow: database.PreferredMaintenanceWindow,
    region: scope.region,
    tags: tagMap(database.TagList),
    vpcSecurityGroups: state["vpcSecurityGroupIds"],
  };
};

const sharedNames = [
  "address",
  "allocatedStorage",
  "autoMinorVersionUpgrade",
  "availabilityZone",
  "backupRetentionPeriod",
  "caCertIdentifier",
  "databaseInsightsMode",
  "enabledCloudwatchLogsExports",
  "endpoint",
  "engine",
  "engineVersion",
  "hostedZoneId",
  "iops",
  "kmsKeyId",
  "licenseModel",
  "maxAllocatedStorage",
  "monitoringInterval",
  "monitoringRoleArn",
  "multiAz",
  "networkType",
  "port",
  "publiclyAccessible",
  "replicateSourceDb",
  "resourceId",
  "storageEncrypted",
  "storageThroughput",
  "storageType",
  "timezone",
] as const;

const pick = (state: PropertyMap, names: readonly string[]): PropertyMap =>
  Object.fromEntries(names.map((name) => [name, state[name]]));

/** Nothing found is an empty list, never an error. */
export const getInstances = async (args: PropertyMap, scope: Scope): Promise<PropertyMap> => {
  const filters = maps(args, "filters").map((filter) => ({
    Name: requiredText(filter, "name"),
    Values: texts(filter, "values"),
  }));
  try {
    const tags = textMap(args, "tags");
    const databases = (await everyDatabase(filters, scope)).filter((each) => hasTags(each, tags));
    return {
      ...args,
      id: scope.region,
      instanceArns: databases.map((database) => database.DBInstanceArn ?? ""),
      instanceIdentifiers: databases.map((database) => database.DBInstanceIdentifier ?? ""),
      region: scope.region,
    };
  } catch (error) {
    throw during("reading RDS DB Instances", error);
  }
};
