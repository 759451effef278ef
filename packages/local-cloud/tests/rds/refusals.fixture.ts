import { west } from "../aws-fixture.ts";
import { replicaArn, sourceArn } from "./rds-fixture.ts";

export interface Refusal {
  readonly operation: string;
  readonly input: Readonly<Record<string, string>>;
  readonly code: string;
  readonly status?: number;
  readonly message: string;
  readonly region?: string;
}

const none = { DBInstanceIdentifier: "none" };
const noInstance = {
  code: "DBInstanceNotFound",
  status: 404,
  message: "DBInstance none not found.",
};
const noSnapshot = {
  input: { DBSnapshotIdentifier: "none" },
  code: "DBSnapshotNotFound",
  status: 404,
  message: "DBSnapshot none not found.",
};
const noParameterGroup = {
  code: "DBParameterGroupNotFound",
  status: 404,
  message: "DBParameterGroup not found: none",
};
const noSubnetGroup = {
  code: "DBSubnetGroupNotFoundFault",
  status: 404,
  message: "DB subnet group 'none' does not exist.",
};
const group = { DBParameterGroupName: "orders" };
const source = { DBInstanceIdentifier: "orders-1" };
const newInstance = {
  DBInstanceIdentifier: "orders-2",
  DBInstanceClass: "db.t4g.micro",
  Engine: "mysql",
  AllocatedStorage: "20",
  MasterUsername: "admin",
};

/** At least one for every operation, for a pair `orders-1` and groups `orders`. */
export const refusals: readonly Refusal[] = [
  { operation: "AddTagsToResource", input: tagging(replicaArn), ...otherRegion(replicaArn) },
  {
    operation: "CreateDBInstance",
    input: { ...newInstance, ...source, MasterUserPassword: "correct-horse" },
    code: "DBInstanceAlreadyExists",
    message: "DB instance already exists",
  },
  {
    operation: "CreateDBInstance",
    input: { ...newInstance, MasterUserPassword: "horse" },
    code: "InvalidParameterValue",
    message:
      "The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.",
  },
  {
    operation: "CreateDBInstance",
    input: newInstance,
    code: "InvalidParameterCombination",
    message: "You must specify MasterUserPassword or ManageMasterUserPassword.",
  },
  {
    operation: "CreateDBInstanceReadReplica",
    input: { DBInstanceIdentifier: "orders-2", SourceDBInstanceIdentifier: sourceArn },
    region: west,
    code: "InvalidParameterCombination",
    message:
      "KmsKeyId of the destination Region must be specified to create a cross-Region read replica of an encrypted DB instance.",
  },
  {
    operation: "CreateDBParameterGroup",
    input: { ...group, DBParameterGroupFamily: "mysql8.4", Description: "d" },
    code: "DBParameterGroupAlreadyExists",
    message: "Parameter group orders already exists",
  },
  {
    operation: "CreateDBSnapshot",
    input: { ...none, DBSnapshotIdentifier: "last" },
    ...noInstance,
  },
  {
    operation: "CreateDBSubnetGroup",
    input: {
      DBSubnetGroupName: "one",
      DBSubnetGroupDescription: "d",
      "SubnetIds.SubnetIdentifier.1": "subnet-1",
    },
    code: "DBSubnetGroupDoesNotCoverEnoughAZs",
    message:
      "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Add subnets to cover at least 2 AZs.",
  },
  {
    operation: "DeleteDBInstance",
    input: source,
    code: "InvalidParameterCombination",
    message: "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
  },
  {
    operation: "DeleteDBInstance",
    input: { ...source, FinalDBSnapshotIdentifier: "last" },
    region: west,
    code: "InvalidParameterCombination",
    message: "FinalDBSnapshotIdentifier can not be specified when deleting a replica instance.",
  },
  {
    operation: "DeleteDBParameterGroup",
    input: { DBParameterGroupName: "default.mysql8.4" },
    code: "InvalidDBParameterGroupState",
    message: "The default parameter group default.mysql8.4 can't be modified.",
  },
  { operation: "DeleteDBSnapshot", ...noSnapshot },
  {
    operation: "DeleteDBSubnetGroup",
    input: { DBSubnetGroupName: "none" },
    ...noSubnetGroup,
  },
  { operation: "DescribeDBInstances", input: none, ...noInstance },
  {
    operation: "DescribeDBInstances",
    input: { MaxRecords: "19" },
    code: "InvalidParameterValue",
    message: "Invalid value 19 for MaxRecords. Must be between 20 and 100",
  },
  {
    operation: "DescribeDBParameterGroups",
    input: { DBParameterGroupName: "none" },
    ...noParameterGroup,
  },
  {
    operation: "DescribeDBParameters",
    input: { DBParameterGroupName: "none" },
    ...noParameterGroup,
  },
  { operation: "DescribeDBSnapshots", ...noSnapshot },
  {
    operation: "DescribeDBSubnetGroups",
    input: { DBSubnetGroupName: "none" },
    ...noSubnetGroup,
  },
  { operation: "ListTagsForResource", input: tagging(replicaArn), ...otherRegion(replicaArn) },
  {
    operation: "ModifyDBInstance",
    input: { ...source, MasterUserPassword: "another-horse" },
    region: west,
    code: "InvalidParameterCombination",
    message: "The master user password of a read replica can't be modified.",
  },
  {
    operation: "ModifyDBInstance",
    input: { ...source, BackupRetentionPeriod: "0" },
    code: "InvalidDBInstanceState",
    message: "Automated backups of orders-1 cannot be disabled because it has read replicas.",
  },
  {
    operation: "ModifyDBParameterGroup",
    input: {
      ...group,
      "Parameters.Parameter.1.ParameterName": "read_only",
      "Parameters.Parameter.1.ParameterValue": "maybe",
      "Parameters.Parameter.1.ApplyMethod": "immediate",
    },
    code: "InvalidParameterValue",
    message:
      "Invalid parameter value: maybe for: read_only allowed values are: 0,1,{TrueIfReplica}",
  },
  {
    operation: "ModifyDBSubnetGroup",
    input: { DBSubnetGroupName: "orders", "SubnetIds.SubnetIdentifier.1": "subnet-1" },
    code: "DBSubnetGroupDoesNotCoverEnoughAZs",
    message:
      "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Add subnets to cover at least 2 AZs.",
  },
  {
    operation: "PromoteReadReplica",
    input: source,
    code: "InvalidDBInstanceState",
    message: "Database instance orders-1 is not a read replica.",
  },
  { operation: "RebootDBInstance", input: none, ...noInstance },
  { operation: "RemoveTagsFromResource", input: tagging(replicaArn), ...otherRegion(replicaArn) },
  {
    operation: "ResetDBParameterGroup",
    input: { DBParameterGroupName: "none", ResetAllParameters: "true" },
    ...noParameterGroup,
  },
];

function tagging(arn: string): Readonly<Record<string, string>> {
  return {
    ResourceName: arn,
    "Tags.Tag.1.Key": "a",
    "Tags.Tag.1.Value": "b",
    "TagKeys.member.1": "a",
  };
}

function otherRegion(arn: string): Pick<Refusal, "code" | "message"> {
  return {
    code: "InvalidParameterValue",
    message: `The specified resource name ${arn} is not an RDS resource of us-east-1.`,
  };
}
