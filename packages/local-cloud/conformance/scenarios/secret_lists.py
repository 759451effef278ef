"""Secrets Manager: lists, batches, tags, resource policies."""

import json

from harness import refusal, scenario

API = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/"
READ = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}


def policy(**changes) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{**READ, **changes}]})


def three(cloud, name):
    secrets = cloud.client("secretsmanager")
    for suffix, description in (("a", "Key of the API"), ("b", "Password of orders"), ("c", "other")):
        secrets.create_secret(
            Name=f"{name}/{suffix}",
            SecretString=suffix,
            Description=f"{name} {description}",
            Tags=[{"Key": f"{name}-tag", "Value": suffix}],
        )
    return secrets


def found(secrets, name, *filters):
    answer = secrets.list_secrets(Filters=[{"Key": key, "Values": list(values)} for key, values in filters])
    return sorted(entry["Name"].removeprefix(f"{name}/") for entry in answer["SecretList"] if entry["Name"].startswith(f"{name}/"))


@scenario(API + "API_Filter.html", [["a", "b", "c"], ["b"], ["a", "c"]])
def names_are_filtered_by_prefix(cloud, name):
    secrets = three(cloud, name)
    own = ("name", [f"{name}/"])
    return [found(secrets, name, own), found(secrets, name, ("name", [f"{name}/b"])), found(secrets, name, own, ("name", [f"!{name}/b"]))]


@scenario(API + "API_Filter.html", [["b"], ["b"]])
def descriptions_are_filtered_in_any_case(cloud, name):
    secrets = three(cloud, name)
    return [found(secrets, name, ("description", [text])) for text in (f"{name} Password", f"{name} pASSWORD")]


@scenario(API + "API_Filter.html", [["a", "b", "c"], ["b"]])
def tags_are_filtered(cloud, name):
    secrets = three(cloud, name)
    return [found(secrets, name, ("tag-key", [f"{name}-tag"])), found(secrets, name, ("tag-key", [f"{name}-tag"]), ("tag-value", ["b"]))]


@scenario(API + "API_ListSecrets.html", [2, 1, False])
def a_list_goes_page_by_page(cloud, name):
    secrets = three(cloud, name)
    filters = [{"Key": "name", "Values": [f"{name}/"]}]
    first = secrets.list_secrets(Filters=filters, MaxResults=2)
    second = secrets.list_secrets(Filters=filters, MaxResults=2, NextToken=first["NextToken"])
    return [len(first["SecretList"]), len(second["SecretList"]), "NextToken" in second]


@scenario(API + "API_ListSecrets.html", ["InvalidNextTokenException", 400])
def a_list_takes_no_token_that_it_never_gave(cloud, name):
    return refusal(cloud.client("secretsmanager").list_secrets, NextToken="never given")


@scenario(API + "API_ListSecrets.html", ["ValidationException", 400])
def a_filter_has_a_known_key(cloud, name):
    return refusal(cloud.client("secretsmanager").list_secrets, Filters=[{"Key": "owner", "Values": ["x"]}])


@scenario(API + "API_BatchGetSecretValue.html", [["a"], ["ResourceNotFoundException"]])
def a_batch_tells_values_and_errors(cloud, name):
    secrets = three(cloud, name)
    answer = secrets.batch_get_secret_value(SecretIdList=[f"{name}/a", f"{name}/none"])
    return [[value["SecretString"] for value in answer["SecretValues"]], [error["ErrorCode"] for error in answer["Errors"]]]


@scenario(API + "API_BatchGetSecretValue.html", [["InvalidParameterException", 400]] * 2)
def a_batch_is_chosen_in_one_way(cloud, name):
    batch = cloud.client("secretsmanager").batch_get_secret_value
    both = {"SecretIdList": [name], "Filters": [{"Key": "name", "Values": [name]}]}
    return [refusal(batch), refusal(batch, **both)]


@scenario(API + "API_TagResource.html", [{"a": "2", "c": "3"}, ["ResourceNotFoundException", 400]])
def tags_are_put_and_removed(cloud, name):
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name=name, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}])
    secrets.tag_resource(SecretId=name, Tags=[{"Key": "a", "Value": "2"}, {"Key": "c", "Value": "3"}])
    secrets.untag_resource(SecretId=name, TagKeys=["b"])
    tags = {tag["Key"]: tag["Value"] for tag in secrets.describe_secret(SecretId=name)["Tags"]}
    return [tags, refusal(secrets.tag_resource, SecretId=f"{name}-none", Tags=[])]


@scenario(API + "API_PutResourcePolicy.html", [True, False])
def a_policy_is_put_and_deleted(cloud, name):
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name=name)
    secrets.put_resource_policy(SecretId=name, ResourcePolicy=policy())
    kept = json.loads(secrets.get_resource_policy(SecretId=name)["ResourcePolicy"]) == json.loads(policy())
    secrets.delete_resource_policy(SecretId=name)
    return [kept, "ResourcePolicy" in secrets.get_resource_policy(SecretId=name)]


@scenario(API + "API_PutResourcePolicy.html", ["MalformedPolicyDocumentException", 400])
def a_policy_is_json(cloud, name):
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name=name)
    return refusal(secrets.put_resource_policy, SecretId=name, ResourcePolicy="{ no json")


@scenario(API + "API_PutResourcePolicy.html", ["PublicPolicyException", 400])
def a_public_policy_can_be_blocked(cloud, name):
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name=name)
    return refusal(secrets.put_resource_policy, SecretId=name, ResourcePolicy=policy(Principal="*"), BlockPublicPolicy=True)


@scenario(API + "API_ValidateResourcePolicy.html", [True, False])
def a_policy_is_validated(cloud, name):
    validate = cloud.client("secretsmanager").validate_resource_policy
    return [validate(ResourcePolicy=text)["PolicyValidationPassed"] for text in (policy(), policy(Principal="*"))]
