"""Secrets Manager: a rotation by a function that runs."""

import io
import zipfile

from harness import EAST, eventually, refusal, scenario

API = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/"
NEEDS_DOCKER = "moto runs functions in Docker containers only"

HANDLER = """
const call = async (operation, input) => {
  const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_REGION } = process.env;
  const scope = `${AWS_ACCESS_KEY_ID}/20261124/${AWS_REGION}/secretsmanager/aws4_request`;
  const answer = await fetch(AWS_ENDPOINT_URL, {
    method: "POST",
    headers: {
      "x-amz-target": `secretsmanager.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${"0".repeat(64)}`,
    },
    body: JSON.stringify(input),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
};
export const handler = async ({ Step, SecretId, ClientRequestToken }) => {
  if (process.env.FAILS_AT === Step) throw new Error("as asked");
  if (Step === "createSecret")
    await call("PutSecretValue", { SecretId, ClientRequestToken, SecretString: "two", VersionStages: ["AWSPENDING"] });
  if (Step === "finishSecret") {
    const { VersionId } = await call("GetSecretValue", { SecretId });
    await call("UpdateSecretVersionStage", {
      SecretId, VersionStage: "AWSCURRENT", MoveToVersionId: ClientRequestToken, RemoveFromVersionId: VersionId,
    });
  }
};
"""


def archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("index.mjs", HANDLER)
    return content.getvalue()


def set_up(cloud, name, **variables):
    functions = cloud.client("lambda")
    arn = functions.create_function(
        FunctionName=name,
        Role="arn:aws:iam::123456789012:role/rotation",
        Runtime="nodejs24.x",
        Handler="index.handler",
        Timeout=30,
        Code={"ZipFile": archive()},
        Environment={"Variables": variables},
    )["FunctionArn"]
    functions.add_permission(FunctionName=name, StatementId="rotation", Action="lambda:InvokeFunction", Principal="secretsmanager.amazonaws.com")
    eventually(lambda: functions.get_function_configuration(FunctionName=name)["State"], lambda state: state != "Pending")
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name=name, SecretString="one")
    return secrets, arn


@scenario(API + "API_RotateSecret.html", ["two", True, {"AutomaticallyAfterDays": 30}], local_only=NEEDS_DOCKER)
def a_function_rotates_the_secret(cloud, name):
    secrets, arn = set_up(cloud, name)
    secrets.rotate_secret(SecretId=name, RotationLambdaARN=arn, RotationRules={"AutomaticallyAfterDays": 30})
    eventually(lambda: secrets.describe_secret(SecretId=name), lambda state: "LastRotatedDate" in state)
    state = secrets.describe_secret(SecretId=name)
    return [secrets.get_secret_value(SecretId=name)["SecretString"], state["RotationEnabled"], state["RotationRules"]]


@scenario(API + "API_RotateSecret.html", ["one", ["InvalidRequestException", 400]], local_only=NEEDS_DOCKER)
def a_rotation_that_failed_is_not_complete(cloud, name):
    secrets, arn = set_up(cloud, name, FAILS_AT="setSecret")
    secrets.rotate_secret(SecretId=name, RotationLambdaARN=arn)
    eventually(lambda: refusal(secrets.get_secret_value, SecretId=name, VersionStage="AWSPENDING"), lambda seen: seen == "answered")
    return [secrets.get_secret_value(SecretId=name)["SecretString"], refusal(secrets.rotate_secret, SecretId=name)]


@scenario(API + "API_CancelRotateSecret.html", [False, False, True], local_only=NEEDS_DOCKER)
def a_cancelled_rotation_keeps_its_function(cloud, name):
    secrets, arn = set_up(cloud, name)
    secrets.rotate_secret(SecretId=name, RotationLambdaARN=arn, RotationRules={"AutomaticallyAfterDays": 30})
    eventually(lambda: secrets.describe_secret(SecretId=name), lambda state: "LastRotatedDate" in state)
    secrets.cancel_rotate_secret(SecretId=name)
    state = secrets.describe_secret(SecretId=name)
    return [state["RotationEnabled"], "NextRotationDate" in state, state["RotationLambdaARN"] == arn and EAST in arn]
