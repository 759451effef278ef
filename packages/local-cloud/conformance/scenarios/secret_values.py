"""Secrets Manager: values, versions, stages, names, deletion."""

import re

from harness import Cloud, refusal, scenario, shape

API = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/"
CURRENT = "AWSCURRENT"


def create(cloud: Cloud, name: str, value: str = "one", **more):
    return cloud.client("secretsmanager").create_secret(Name=name, SecretString=value, **more)


def token(letter: str) -> str:
    return letter * 32


@scenario(API + "API_CreateSecret.html", ["arn:aws:secretsmanager:us-east-1:123456789012:secret:NAME-XXXXXX", "one", [CURRENT]])
def a_secret_is_made_and_read(cloud, name):
    arn = create(cloud, name)["ARN"]
    answer = cloud.client("secretsmanager").get_secret_value(SecretId=arn)
    text = re.sub(r"-\w{6}$", "-XXXXXX", shape(arn, {name: "NAME"}))
    return [text, answer["SecretString"], answer["VersionStages"]]


@scenario("https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html", "one")
def an_arn_without_its_suffix_finds_the_secret(cloud, name):
    arn = create(cloud, name)["ARN"]
    return cloud.client("secretsmanager").get_secret_value(SecretId=arn[:-7])["SecretString"]


@scenario(API + "API_CreateSecret.html", ["ResourceExistsException", 400])
def a_name_is_taken_once(cloud, name):
    create(cloud, name)
    return refusal(create, cloud=cloud, name=name)


@scenario(API + "API_GetSecretValue.html", ["ResourceNotFoundException", 400])
def a_missing_secret_is_not_found(cloud, name):
    return refusal(cloud.client("secretsmanager").get_secret_value, SecretId=name)


@scenario(API + "API_GetSecretValue.html", ["ResourceNotFoundException", 400])
def a_stage_that_no_version_has_is_not_found(cloud, name):
    create(cloud, name)
    return refusal(cloud.client("secretsmanager").get_secret_value, SecretId=name, VersionStage="AWSPENDING")


@scenario(API + "API_PutSecretValue.html", ["three", "two"])
def a_new_value_moves_the_stages(cloud, name):
    create(cloud, name)
    secrets = cloud.client("secretsmanager")
    for value in ("two", "three"):
        secrets.put_secret_value(SecretId=name, SecretString=value)
    previous = secrets.get_secret_value(SecretId=name, VersionStage="AWSPREVIOUS")
    return [secrets.get_secret_value(SecretId=name)["SecretString"], previous["SecretString"]]


@scenario(API + "API_PutSecretValue.html", [2, ["ResourceExistsException", 400]])
def a_token_is_for_one_value(cloud, name):
    create(cloud, name)
    secrets = cloud.client("secretsmanager")
    for _ in range(2):
        secrets.put_secret_value(SecretId=name, SecretString="two", ClientRequestToken=token("a"))
    versions = secrets.list_secret_version_ids(SecretId=name)["Versions"]
    other = refusal(secrets.put_secret_value, SecretId=name, SecretString="three", ClientRequestToken=token("a"))
    return [len(versions), other]


def rotated_by_hand(cloud: Cloud, name: str):
    first = create(cloud, name)["VersionId"]
    secrets = cloud.client("secretsmanager")
    secrets.put_secret_value(SecretId=name, SecretString="two", ClientRequestToken=token("b"), VersionStages=["AWSPENDING"])
    secrets.update_secret_version_stage(SecretId=name, VersionStage=CURRENT, MoveToVersionId=token("b"), RemoveFromVersionId=first)
    return secrets


@scenario(API + "API_GetSecretValue.html", "two")
def the_default_stage_follows_a_moved_label(cloud, name):
    return rotated_by_hand(cloud, name).get_secret_value(SecretId=name)["SecretString"]


@scenario(API + "API_UpdateSecretVersionStage.html", ["two", "one"])
def a_moved_label_leaves_the_previous_one(cloud, name):
    secrets = rotated_by_hand(cloud, name)
    return [secrets.get_secret_value(SecretId=name, VersionStage=stage)["SecretString"] for stage in (CURRENT, "AWSPREVIOUS")]


@scenario(API + "API_UpdateSecretVersionStage.html", ["InvalidParameterException", 400])
def a_label_moves_only_from_the_version_that_is_named(cloud, name):
    create(cloud, name)
    secrets = cloud.client("secretsmanager")
    secrets.put_secret_value(SecretId=name, SecretString="two", ClientRequestToken=token("c"), VersionStages=["AWSPENDING"])
    return refusal(secrets.update_secret_version_stage, SecretId=name, VersionStage=CURRENT, MoveToVersionId=token("c"))


@scenario(API + "API_DeleteSecret.html", [["InvalidRequestException", 400], ["InvalidRequestException", 400], "one"])
def a_deleted_secret_keeps_its_name_until_it_is_restored(cloud, name):
    create(cloud, name)
    secrets = cloud.client("secretsmanager")
    secrets.delete_secret(SecretId=name)
    refused = [refusal(secrets.get_secret_value, SecretId=name), refusal(create, cloud=cloud, name=name)]
    secrets.restore_secret(SecretId=name)
    return [*refused, secrets.get_secret_value(SecretId=name)["SecretString"]]


@scenario(API + "API_DeleteSecret.html", [["InvalidParameterException", 400]] * 2)
def a_recovery_window_has_limits(cloud, name):
    create(cloud, name)
    delete = cloud.client("secretsmanager").delete_secret
    both = {"RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True}
    return [refusal(delete, SecretId=name, RecoveryWindowInDays=6), refusal(delete, SecretId=name, **both)]


@scenario(API + "API_DeleteSecret.html", ["ResourceNotFoundException", 400])
def a_forced_deletion_is_at_once(cloud, name):
    create(cloud, name)
    secrets = cloud.client("secretsmanager")
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    return refusal(secrets.describe_secret, SecretId=name)


@scenario(API + "API_DescribeSecret.html", [True, "first", {"a": "b"}])
def a_description_tells_deletion_and_tags(cloud, name):
    create(cloud, name, Description="first", Tags=[{"Key": "a", "Value": "b"}])
    secrets = cloud.client("secretsmanager")
    secrets.delete_secret(SecretId=name)
    answer = secrets.describe_secret(SecretId=name)
    return ["DeletedDate" in answer, answer["Description"], {tag["Key"]: tag["Value"] for tag in answer["Tags"]}]


@scenario(API + "API_PutSecretValue.html", ["ValidationException", 400])
def a_value_has_at_most_65536_bytes(cloud, name):
    create(cloud, name)
    return refusal(cloud.client("secretsmanager").put_secret_value, SecretId=name, SecretString="x" * 65_537)


@scenario(API + "API_CreateSecret.html", ["ValidationException", 400])
def a_name_has_no_spaces(cloud, name):
    return refusal(create, cloud=cloud, name=f"{name} {name}")


@scenario(API + "API_GetRandomPassword.html", [12, True, ["InvalidParameterException", 400]])
def a_random_password_keeps_to_what_is_asked(cloud, name):
    secrets = cloud.client("secretsmanager")
    password = secrets.get_random_password(PasswordLength=12, ExcludePunctuation=True)["RandomPassword"]
    return [len(password), password.isalnum(), refusal(secrets.get_random_password, PasswordLength=3)]
