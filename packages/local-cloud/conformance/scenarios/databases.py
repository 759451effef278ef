"""RDS for MySQL: instances, replicas, promotion, groups."""

from harness import EAST, WEST, eventually, refusal, scenario, shape

API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/"
GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"


def create(cloud, name, **more):
    database = {
        "DBInstanceIdentifier": name,
        "DBInstanceClass": "db.t4g.micro",
        "Engine": "mysql",
        "EngineVersion": "8.4.5",
        "AllocatedStorage": 20,
        "MasterUsername": "admin",
        "MasterUserPassword": "correct-horse",
        "BackupRetentionPeriod": 1,
        **more,
    }
    rds = cloud.client("rds")
    rds.create_db_instance(**database)
    available(rds, name)
    return rds


def describe(rds, name):
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def available(rds, name):
    return eventually(lambda: describe(rds, name), lambda instance: instance["DBInstanceStatus"] == "available")


def arn(name, region=EAST):
    return f"arn:aws:rds:{region}:123456789012:db:{name}"


def pair(cloud, name):
    east, west = create(cloud, name), cloud.client("rds", WEST)
    west.create_db_instance_read_replica(DBInstanceIdentifier=name, SourceDBInstanceIdentifier=arn(name), DBInstanceClass="db.t4g.micro")
    available(west, name)
    return east, west


def discard(rds, name):
    """Ends a real database server; whether it is refused is another scenario's matter."""
    return refusal(rds.delete_db_instance, DBInstanceIdentifier=name, SkipFinalSnapshot=True)


@scenario(API + "API_DBInstance.html", ["arn:aws:rds:us-east-1:123456789012:db:NAME", 3306, True, True, 1])
def a_database_has_an_endpoint(cloud, name):
    rds = create(cloud, name)
    told = describe(rds, name)
    address = told["Endpoint"]["Address"]
    discard(rds, name)
    own = address.startswith(f"{name}.") and address.endswith(f".{EAST}.rds.amazonaws.com")
    return [shape(told["DBInstanceArn"], {name: "NAME"}), told["Endpoint"]["Port"], own, told["DbiResourceId"].startswith("db-"), told["BackupRetentionPeriod"]]


@scenario(API + "API_DescribeDBInstances.html", [["DBInstanceNotFound", 404]] * 4)
def a_missing_database_is_not_found(cloud, name):
    rds = cloud.client("rds")
    calls = [rds.describe_db_instances, rds.modify_db_instance, rds.promote_read_replica, rds.reboot_db_instance]
    return [refusal(call, DBInstanceIdentifier=name) for call in calls]


@scenario(API + "API_CreateDBInstance.html", ["DBInstanceAlreadyExists", 400])
def an_identifier_is_taken_once(cloud, name):
    rds = create(cloud, name)
    refused = refusal(create, cloud=cloud, name=name)
    discard(rds, name)
    return refused


@scenario(API + "API_CreateDBInstance.html", ["InvalidParameterValue", 400])
def a_password_has_eight_characters(cloud, name):
    return refusal(create, cloud=cloud, name=name, MasterUserPassword="short")


@scenario(API + "API_DeleteDBInstance.html", [["InvalidParameterCombination", 400]] * 2)
def a_deletion_says_what_becomes_of_the_data(cloud, name):
    rds = create(cloud, name)
    delete = rds.delete_db_instance
    refused = [
        refusal(delete, DBInstanceIdentifier=name, SkipFinalSnapshot=False),
        refusal(delete, DBInstanceIdentifier=name, SkipFinalSnapshot=True, FinalDBSnapshotIdentifier=f"{name}-final"),
    ]
    if "answered" not in refused:
        discard(rds, name)
    return refused


@scenario(API + "API_DeleteDBInstance.html", ["InvalidParameterCombination", 400])
def a_protected_database_is_not_deleted(cloud, name):
    rds = create(cloud, name, DeletionProtection=True)
    refused = discard(rds, name)
    rds.modify_db_instance(DBInstanceIdentifier=name, DeletionProtection=False, ApplyImmediately=True)
    available(rds, name)
    discard(rds, name)
    return refused


@scenario(GUIDE + "USER_ReadRepl.XRgn.html", ["InvalidDBInstanceState", 400])
def a_source_without_backups_has_no_replicas(cloud, name):
    rds = create(cloud, name, BackupRetentionPeriod=0)
    refused = refusal(rds.create_db_instance_read_replica, DBInstanceIdentifier=f"{name}-b", SourceDBInstanceIdentifier=name)
    discard(rds, name)
    return refused


@scenario(GUIDE + "USER_ReadRepl.XRgn.html", [True, True, "admin"])
def source_and_replica_name_each_other(cloud, name):
    east, west = pair(cloud, name)
    source, replica = describe(east, name), describe(west, name)
    discard(west, name)
    discard(east, name)
    return [source["ReadReplicaDBInstanceIdentifiers"] == [arn(name, WEST)], replica["ReadReplicaSourceDBInstanceIdentifier"] == arn(name), replica["MasterUsername"]]


@scenario(API + "API_PromoteReadReplica.html", [False, [], 3])
def a_promoted_replica_has_no_source(cloud, name):
    east, west = pair(cloud, name)
    west.promote_read_replica(DBInstanceIdentifier=name, BackupRetentionPeriod=3)
    told = available(west, name)
    source = describe(east, name)
    discard(west, name)
    discard(east, name)
    return ["ReadReplicaSourceDBInstanceIdentifier" in told, source["ReadReplicaDBInstanceIdentifiers"], told["BackupRetentionPeriod"]]


@scenario(API + "API_PromoteReadReplica.html", ["InvalidDBInstanceState", 400])
def only_a_replica_is_promoted(cloud, name):
    rds = create(cloud, name)
    refused = refusal(rds.promote_read_replica, DBInstanceIdentifier=name)
    available(rds, name)
    discard(rds, name)
    return refused


@scenario(API + "API_DescribeDBInstances.html", ["InvalidParameterValue", 400])
def a_page_has_at_least_twenty_databases(cloud, name):
    return refusal(cloud.client("rds").describe_db_instances, MaxRecords=19)


@scenario(API + "API_ModifyDBParameterGroup.html", [["1", "immediate"], ["DBParameterGroupAlreadyExists", 400]])
def a_parameter_group_keeps_values(cloud, name):
    rds = cloud.client("rds")
    group = {"DBParameterGroupName": name, "DBParameterGroupFamily": "mysql8.4", "Description": "conformance"}
    rds.create_db_parameter_group(**group)
    parameter = {"ParameterName": "read_only", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=[parameter])
    pages = rds.get_paginator("describe_db_parameters").paginate(DBParameterGroupName=name, Source="user")
    [told] = [each for page in pages for each in page["Parameters"] if each["ParameterName"] == "read_only"]
    return [[told["ParameterValue"], told["ApplyMethod"]], refusal(rds.create_db_parameter_group, **group)]


@scenario(API + "API_DeleteDBParameterGroup.html", ["InvalidDBParameterGroupState", 400])
def a_parameter_group_in_use_is_not_deleted(cloud, name):
    rds = cloud.client("rds")
    rds.create_db_parameter_group(DBParameterGroupName=name, DBParameterGroupFamily="mysql8.4", Description="conformance")
    create(cloud, name, DBParameterGroupName=name)
    refused = refusal(rds.delete_db_parameter_group, DBParameterGroupName=name)
    discard(rds, name)
    return refused


@scenario(API + "API_DescribeDBParameterGroups.html", [["DBParameterGroupNotFound", 404], ["DBSubnetGroupNotFoundFault", 404]])
def missing_groups_are_not_found(cloud, name):
    rds = cloud.client("rds")
    return [
        refusal(rds.describe_db_parameter_groups, DBParameterGroupName=name),
        refusal(rds.describe_db_subnet_groups, DBSubnetGroupName=name),
    ]


@scenario(API + "API_AddTagsToResource.html", {"a": "2"})
def a_database_has_tags(cloud, name):
    rds = create(cloud, name, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}])
    rds.add_tags_to_resource(ResourceName=arn(name), Tags=[{"Key": "a", "Value": "2"}])
    rds.remove_tags_from_resource(ResourceName=arn(name), TagKeys=["b"])
    tags = {tag["Key"]: tag["Value"] for tag in rds.list_tags_for_resource(ResourceName=arn(name))["TagList"]}
    discard(rds, name)
    return tags
