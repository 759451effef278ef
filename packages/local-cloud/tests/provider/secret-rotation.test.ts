import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, expect, it } from "vitest";
import { eventually, west } from "../aws-fixture.ts";
import { RotationFunction } from "../secrets-manager/rotation-function.fixture.ts";
import { describeSecret } from "../secrets-manager/secrets-fixture.ts";
import { failureOf, type Made, type ProviderClient } from "./provider-client.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";

const rotationType = "aws:secretsmanager/secretRotation:SecretRotation";
const secretType = "aws:secretsmanager/secret:Secret";
const versionType = "aws:secretsmanager/secretVersion:SecretVersion";
const functionArn = "arn:aws:lambda:us-west-2:123456789012:function:rotation";

let rotation: RotationFunction;
let cloud: ProviderCloud;
let client: ProviderClient;
let secret: Made;
let secrets: SecretsManagerClient;
beforeEach(async () => {
  rotation = new RotationFunction();
  cloud = await startProviderCloud([], undefined, rotation);
  secrets = new SecretsManagerClient(cloud.clientOptions(west));
  rotation.client = secrets;
  client = await cloud.connect(west);
  secret = await client.make(secretType, { name: "orders/database" });
  await client.make(versionType, { secretId: secret.id, secretString: "original" });
});
afterEach(() => cloud.close());

const inputs = (more = {}) => ({
  secretId: secret.id,
  rotationLambdaArn: functionArn,
  rotationRules: { automaticallyAfterDays: 30 },
  ...more,
});
const untilSteps = (count: number) =>
  eventually(
    () => rotation.steps.length,
    (steps) => steps >= count,
  );
const update = async (made: Made, more: object) => {
  const checked = await client.check(rotationType, inputs(more), made.inputs);
  return client.update(rotationType, made, checked.inputs);
};

it("rotates at once, and tells what is configured", async () => {
  const made = await client.make(rotationType, inputs());
  expect(made.id).toBe(secret.id);
  expect(made.outputs).toMatchObject({
    rotationEnabled: true,
    rotationLambdaArn: functionArn,
    rotationRules: { automaticallyAfterDays: 30 },
  });
  await untilSteps(4);
});

it("only tests the function when it is not to rotate at once", async () => {
  await client.make(rotationType, inputs({ rotateImmediately: false }));
  await untilSteps(1);
  expect(rotation.steps).toEqual(["testSecret"]);
});

it("rotates again when its rules change, and not when only the wish to rotate does", async () => {
  const made = await client.make(rotationType, inputs());
  await eventually(
    () => describeSecret(secrets, secret.id),
    ({ LastRotatedDate }) => LastRotatedDate !== undefined,
  );
  const changed = await update(made, { rotationRules: { automaticallyAfterDays: 7 } });
  await untilSteps(8);
  cloud.newCalls();
  await update(changed, { rotateImmediately: false, rotationRules: { automaticallyAfterDays: 7 } });
  expect(cloud.newCalls()).not.toContain("RotateSecret");
});

it("waits for the permission that is still on its way to the function", async () => {
  rotation.isPermitted = false;
  const making = client.make(rotationType, inputs());
  await eventually(
    () => cloud.log.calls().filter(({ operation }) => operation === "RotateSecret").length,
    (calls) => calls > 0,
  );
  rotation.isPermitted = true;
  expect((await making).outputs).toMatchObject({ rotationEnabled: true });
});

it("is cancelled by its deletion, and reads as empty then", async () => {
  const made = await client.make(rotationType, inputs());
  await client.delete(rotationType, made);
  expect((await client.read(rotationType, made))?.outputs).toMatchObject({
    rotationEnabled: false,
    rotationLambdaArn: "",
  });
});

it("says what AWS refuses", async () => {
  const failure = await failureOf(
    client.make(rotationType, inputs({ rotationRules: { automaticallyAfterDays: 1001 } })),
  );
  expect(failure.message).toMatch(
    /creating Secrets Manager Secret Rotation \(arn:.*\): .*ValidationException/,
  );
});
