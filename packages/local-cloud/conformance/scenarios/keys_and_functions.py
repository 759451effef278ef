"""KMS, STS and Lambda, as far as the pair needs them."""

from harness import WEST, refusal, scenario

KMS = "https://docs.aws.amazon.com/kms/latest/APIReference/"
LAMBDA = "https://docs.aws.amazon.com/lambda/latest/api/"


@scenario("https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html", "123456789012")
def a_caller_has_an_account(cloud, name):
    return cloud.client("sts", WEST).get_caller_identity()["Account"]


@scenario(KMS + "API_CreateKey.html", ["Enabled", "CUSTOMER", True])
def a_key_is_made_in_its_region(cloud, name):
    key = cloud.client("kms", WEST).create_key()["KeyMetadata"]
    return [key["KeyState"], key["KeyManager"], key["Arn"].startswith(f"arn:aws:kms:{WEST}:123456789012:key/")]


@scenario(KMS + "API_DescribeKey.html", [["NotFoundException", 400], ["NotFoundException", 400]])
def a_key_is_not_found_elsewhere(cloud, name):
    key = cloud.client("kms", WEST).create_key()["KeyMetadata"]["KeyId"]
    describe = cloud.client("kms").describe_key
    return [refusal(describe, KeyId=key), refusal(describe, KeyId=f"alias/{name}")]


@scenario(KMS + "API_CreateAlias.html", [True, ["AlreadyExistsException", 400]])
def an_alias_names_one_key(cloud, name):
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    alias = {"AliasName": f"alias/{name}", "TargetKeyId": key}
    kms.create_alias(**alias)
    return [kms.describe_key(KeyId=alias["AliasName"])["KeyMetadata"]["KeyId"] == key, refusal(kms.create_alias, **alias)]


@scenario(KMS + "API_ScheduleKeyDeletion.html", ["PendingDeletion", ["KMSInvalidStateException", 400], "Disabled"])
def a_dying_key_is_not_used_until_it_is_saved(cloud, name):
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    state = lambda: kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
    dying, refused = state(), refusal(kms.enable_key, KeyId=key)
    kms.cancel_key_deletion(KeyId=key)
    return [dying, refused, state()]


@scenario(LAMBDA + "API_GetFunction.html", [["ResourceNotFoundException", 404]] * 3)
def a_missing_function_is_not_found(cloud, name):
    functions = cloud.client("lambda")
    return [refusal(call, FunctionName=name) for call in (functions.get_function, functions.invoke, functions.delete_function)]
