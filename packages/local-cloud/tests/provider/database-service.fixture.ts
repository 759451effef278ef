import { AwsError, type Operation, type Parameters, type Service } from "../../src/service.ts";

export interface FakeDatabase {
  DBInstanceIdentifier: string;
  DbiResourceId: string;
  DBInstanceArn: string;
  DBInstanceStatus: string;
  ReadReplicaSourceDBInstanceIdentifier?: string;
  TagList: { Key: string; Value: string }[];
  [name: string]: unknown;
}

/** RDS as far as its answers go: statuses change when a test says so. */
export class FakeRds implements Service {
  readonly name = "rds";
  readonly databases: FakeDatabase[] = [];
  /** What every call was given, newest last. */
  readonly requests: { operation: string; parameters: Parameters }[] = [];
  /** The status that a creation, modification or promotion leaves behind. */
  statusAfterwards = "available";
  readonly operations: Readonly<Record<string, Operation>>;

  constructor() {
    this.operations = this.#recorded({
      CreateDBInstance: (parameters, { region }) => this.#made(parameters, region),
      CreateDBInstanceReadReplica: (parameters, { region }) => {
        const { SourceDBInstanceIdentifier: source, ...own } = parameters;
        const made = { Engine: "mysql", MasterUsername: "admin", StorageEncrypted: true, ...own };
        return this.#made({ ...made, ReadReplicaSourceDBInstanceIdentifier: source }, region);
      },
      DescribeDBInstances: (parameters) => ({ DBInstances: this.#found(parameters) }),
      ModifyDBInstance: ({ DBInstanceIdentifier, ...changes }) =>
        this.#changed(String(DBInstanceIdentifier), changes),
      PromoteReadReplica: ({ DBInstanceIdentifier, ...changes }) => {
        const promoted = { ReadReplicaSourceDBInstanceIdentifier: undefined };
        return this.#changed(String(DBInstanceIdentifier), { ...changes, ...promoted });
      },
      RebootDBInstance: ({ DBInstanceIdentifier }) =>
        this.#changed(String(DBInstanceIdentifier), {}),
      DeleteDBInstance: ({ DBInstanceIdentifier }) => {
        const database = this.find(String(DBInstanceIdentifier));
        if (database["DeletionProtection"] === true) {
          throw new AwsError(
            "InvalidParameterCombination",
            "Cannot delete protected DB Instance, please disable deletion protection and try again.",
          );
        }
        this.databases.splice(this.databases.indexOf(database), 1);
        return { DBInstance: database };
      },
      AddTagsToResource: () => ({}),
    });
  }

  find(identifier: string): FakeDatabase {
    const found = this.databases.find((each) => each.DBInstanceIdentifier === identifier);
    if (!found)
      throw new AwsError("DBInstanceNotFound", `DBInstance ${identifier} not found.`, 404);
    return found;
  }

  last(operation: string): Parameters {
    const request = this.requests.findLast((each) => each.operation === operation);
    if (!request) throw new Error(`no ${operation} was called`);
    return request.parameters;
  }

  #recorded(operations: Record<string, Operation>): Record<string, Operation> {
    return Object.fromEntries(
      Object.entries(operations).map(([operation, run]) => [
        operation,
        (parameters, context) => {
          this.requests.push({ operation, parameters });
          return run(parameters, context);
        },
      ]),
    );
  }

  #made(parameters: Parameters, region: string): object {
    const identifier = String(parameters["DBInstanceIdentifier"]);
    const { Tags = [], ...rest } = parameters;
    const database: FakeDatabase = {
      BackupRetentionPeriod: 0,
      ...rest,
      DBInstanceIdentifier: identifier,
      DbiResourceId: `db-${identifier.replaceAll("-", "").toUpperCase()}`,
      DBInstanceArn: `arn:aws:rds:${region}:123456789012:db:${identifier}`,
      DBInstanceStatus: this.statusAfterwards,
      Endpoint: { Address: `${identifier}.abc.${region}.rds.amazonaws.com`, Port: 3306 },
      VpcSecurityGroups: (rest["VpcSecurityGroupIds"] as string[] | undefined)?.map((id) => ({
        VpcSecurityGroupId: id,
      })),
      TagList: Tags as FakeDatabase["TagList"],
    };
    this.databases.push(database);
    return { DBInstance: database };
  }

  #found(parameters: Parameters): FakeDatabase[] {
    const { DBInstanceIdentifier: identifier, Filters = [] } = parameters;
    if (identifier !== undefined) return [this.find(String(identifier))];
    const filters = Filters as { Name: string; Values: string[] }[];
    const names = { "dbi-resource-id": "DbiResourceId", "db-instance-id": "DBInstanceIdentifier" };
    return this.databases.filter((database) =>
      filters.every(({ Name, Values }) =>
        Values.includes(String(database[names[Name as keyof typeof names]])),
      ),
    );
  }

  #changed(identifier: string, changes: Parameters): object {
    const { ApplyImmediately: _now, NewDBInstanceIdentifier: renamed, ...rest } = changes;
    const database = Object.assign(this.find(identifier), rest);
    if (renamed !== undefined) database.DBInstanceIdentifier = String(renamed);
    database.DBInstanceStatus = this.statusAfterwards;
    return { DBInstance: database };
  }
}
