"""Secrets Manager: replicas and rotation."""

from harness import EAST, WEST, eventually, refusal, scenario

API = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/"
GUIDE = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/"
REPLICA_REFUSAL = ["InvalidParameterException", 400]


def status(secrets, name):
    states = secrets.describe_secret(SecretId=name).get("ReplicationStatus", [])
    return states[0]["Status"] if states else None


def replicate(cloud, name, **more):
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name=name, SecretString="one", AddReplicaRegions=[{"Region": WEST, **more}])
    eventually(lambda: status(secrets, name), lambda state: state != "InProgress")
    return secrets, cloud.client("secretsmanager", WEST)


@scenario(GUIDE + "replicate-secrets.html", ["InSync", "one", True, EAST])
def a_replica_has_the_value_and_the_same_suffix(cloud, name):
    east, west = replicate(cloud, name)
    there = west.get_secret_value(SecretId=name)
    here = east.describe_secret(SecretId=name)["ARN"]
    return [status(east, name), there["SecretString"], there["ARN"] == here.replace(EAST, WEST), west.describe_secret(SecretId=name)["PrimaryRegion"]]


@scenario(GUIDE + "replicate-secrets.html", "two")
def a_new_value_reaches_the_replica(cloud, name):
    east, west = replicate(cloud, name)
    east.put_secret_value(SecretId=name, SecretString="two")
    return eventually(lambda: west.get_secret_value(SecretId=name)["SecretString"], lambda value: value == "two")


@scenario(GUIDE + "standalone-secret.html", [REPLICA_REFUSAL] * 5)
def a_replica_takes_no_change(cloud, name):
    _, west = replicate(cloud, name)
    return [
        refusal(west.put_secret_value, SecretId=name, SecretString="two"),
        refusal(west.update_secret, SecretId=name, Description="two"),
        refusal(west.tag_resource, SecretId=name, Tags=[{"Key": "a", "Value": "b"}]),
        refusal(west.put_resource_policy, SecretId=name, ResourcePolicy='{"Version":"2012-10-17","Statement":[]}'),
        refusal(west.rotate_secret, SecretId=name, RotationLambdaARN=f"arn:aws:lambda:{WEST}:123456789012:function:none"),
    ]


@scenario(GUIDE + "standalone-secret.html", REPLICA_REFUSAL)
def a_replica_is_not_deleted_on_its_own(cloud, name):
    _, west = replicate(cloud, name)
    return refusal(west.delete_secret, SecretId=name, ForceDeleteWithoutRecovery=True)


@scenario(API + "API_ReplicateSecretToRegions.html", True)
def a_replica_keeps_the_key_that_was_asked_for(cloud, name):
    key = cloud.client("kms", WEST).create_key()["KeyMetadata"]["Arn"]
    east, _ = replicate(cloud, name, KmsKeyId=key)
    return east.describe_secret(SecretId=name)["ReplicationStatus"][0].get("KmsKeyId") == key


@scenario(GUIDE + "manage_delete-secret.html", ["InvalidParameterException", 400])
def a_secret_with_replicas_is_not_deleted(cloud, name):
    east, _ = replicate(cloud, name)
    return refusal(east.delete_secret, SecretId=name)


@scenario(API + "API_RemoveRegionsFromReplication.html", ["ResourceNotFoundException", 400])
def a_removed_replica_is_gone(cloud, name):
    east, west = replicate(cloud, name)
    east.remove_regions_from_replication(SecretId=name, RemoveReplicaRegions=[WEST])
    return refusal(west.describe_secret, SecretId=name)


@scenario(API + "API_StopReplicationToReplica.html", [True, "two", "one"])
def a_promoted_replica_lives_by_itself(cloud, name):
    east, west = replicate(cloud, name)
    arn = west.stop_replication_to_replica(SecretId=name)["ARN"]
    west.put_secret_value(SecretId=name, SecretString="two")
    values = [each.get_secret_value(SecretId=name)["SecretString"] for each in (west, east)]
    return [arn == west.describe_secret(SecretId=name)["ARN"], *values]


@scenario(GUIDE + "replicate-secrets_troubleshoot.html", ["Failed", "own"])
def a_name_that_is_taken_there_fails_the_replication(cloud, name):
    cloud.client("secretsmanager", WEST).create_secret(Name=name, SecretString="own")
    east, west = replicate(cloud, name)
    return [status(east, name), west.get_secret_value(SecretId=name)["SecretString"]]


@scenario(API + "API_ReplicateSecretToRegions.html", ["InvalidParameterException", 400])
def a_secret_is_not_replicated_to_its_own_region(cloud, name):
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name=name, SecretString="one")
    return refusal(secrets.replicate_secret_to_regions, SecretId=name, AddReplicaRegions=[{"Region": EAST}])


@scenario(API + "API_RotateSecret.html", ["InvalidRequestException", 400])
def a_rotation_needs_a_function(cloud, name):
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name=name, SecretString="one")
    return refusal(secrets.rotate_secret, SecretId=name)


@scenario(
    "https://github.com/hashicorp/terraform-provider-aws: RotateSecret is retried on AccessDeniedException",
    ["AccessDeniedException", 400],
)
def a_rotation_function_lets_itself_be_called(cloud, name):
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name=name, SecretString="one")
    return refusal(secrets.rotate_secret, SecretId=name, RotationLambdaARN=f"arn:aws:lambda:{EAST}:123456789012:function:none")


@scenario(API + "API_RotationRulesType.html", ["ValidationException", 400])
def a_rotation_comes_within_1000_days(cloud, name):
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name=name, SecretString="one")
    arn = f"arn:aws:lambda:{EAST}:123456789012:function:none"
    return refusal(secrets.rotate_secret, SecretId=name, RotationLambdaARN=arn, RotationRules={"AutomaticallyAfterDays": 1001})
