import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  GetSecretValueCommand,
  ReplicateSecretToRegionsCommand,
  RotateSecretCommand,
  type RotateSecretCommandInput,
} from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { east, eventually, refusalOf, west } from "../aws-fixture.ts";
import { RotationFunction } from "./rotation-function.fixture.ts";
import {
  describeSecret,
  type SecretsCloud,
  startSecretsCloud,
  untilReplica,
} from "./secrets-fixture.ts";

const name = "orders/database";
const allSteps = ["createSecret", "setSecret", "testSecret", "finishSecret"];
const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:rotation";

let cloud: SecretsCloud;
let rotation: RotationFunction;
let first = "";
beforeEach(async () => {
  rotation = new RotationFunction();
  cloud = await startSecretsCloud(rotation, {
    rotationDaySeconds: 0.1,
    rotationRetrySeconds: 60,
  });
  rotation.client = cloud.east;
  const made = await cloud.east.send(
    new CreateSecretCommand({ Name: name, SecretString: "original" }),
  );
  first = made.VersionId ?? "";
});
afterEach(() => cloud.close());

const rotate = (input: Partial<RotateSecretCommandInput> = {}) =>
  cloud.east.send(
    new RotateSecretCommand({ SecretId: name, RotationLambdaARN: functionArn, ...input }),
  );
const value = async () =>
  (await cloud.east.send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
const secret = () => describeSecret(cloud.east, name);
const untilSteps = (count: number) =>
  eventually(
    () => rotation.steps.length,
    (steps) => steps >= count,
  );
const untilRotated = () => eventually(secret, (state) => state.LastRotatedDate !== undefined);

describe("a rotation", () => {
  test("calls the function for each step and ends with the new version current", async () => {
    const { VersionId = "" } = await rotate({ RotationRules: { AutomaticallyAfterDays: 30 } });
    const state = await untilRotated();
    expect(rotation.steps).toEqual(allSteps);
    expect(rotation.firstLooks).toEqual(["ResourceNotFoundException"]);
    expect(await value()).toBe("rotated 1");
    expect(state).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN: functionArn,
      RotationRules: { AutomaticallyAfterDays: 30 },
      VersionIdsToStages: {
        [first]: ["AWSPREVIOUS"],
        [VersionId]: ["AWSPENDING", "AWSCURRENT"],
      },
    });
    const days = ((state.NextRotationDate?.getTime() ?? 0) - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(30, 1);
  });

  test("answers before the function has done anything, with a version that has no value", async () => {
    let open = () => {};
    rotation.gate = new Promise((resolve) => {
      open = resolve;
    });
    const { VersionId = "" } = await rotate();
    expect((await secret()).VersionIdsToStages).toMatchObject({ [VersionId]: ["AWSPENDING"] });
    expect(
      await refusalOf(
        cloud.east.send(new GetSecretValueCommand({ SecretId: name, VersionStage: "AWSPENDING" })),
      ),
    ).toMatchObject({ name: "ResourceNotFoundException", status: 400 });
    expect(await value()).toBe("original");
    open();
    await untilRotated();
  });

  test("of a step that fails leaves the readers alone, and the next request begins it again", async () => {
    rotation.failingStep = "setSecret";
    const { VersionId = "" } = await rotate();
    await untilSteps(2);
    expect(await value()).toBe("original");
    expect((await secret()).VersionIdsToStages).toMatchObject({ [VersionId]: ["AWSPENDING"] });

    rotation.failingStep = undefined;
    const refusal = await eventually(
      () => refusalOf(rotate()),
      () => rotation.steps.length > 2,
    );
    expect(refusal).toMatchObject({
      name: "InvalidRequestException",
      status: 400,
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    });
    await untilRotated();
    expect(rotation.steps).toEqual(["createSecret", "setSecret", ...allSteps]);
    // The value of the first attempt is kept.
    expect(await value()).toBe("rotated 1");
  });

  test("of a step that fails is begun again by itself, and given up in the end", async () => {
    await cloud.close();
    cloud = await startSecretsCloud(rotation, { rotationRetrySeconds: 0.05 });
    rotation.client = cloud.east;
    await cloud.east.send(new CreateSecretCommand({ Name: name, SecretString: "original" }));
    rotation.failingStep = "testSecret";
    await rotate();
    await untilSteps(6);
    expect(rotation.steps.slice(3, 6)).toEqual(allSteps.slice(0, 3));
    rotation.failingStep = undefined;
    await untilRotated();

    rotation.failingStep = "createSecret";
    rotation.steps.length = 0;
    await rotate();
    await untilSteps(5);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(rotation.steps).toEqual(Array(5).fill("createSecret"));
  });

  test("that is not immediate tests the function and leaves no version", async () => {
    await rotate({ RotateImmediately: false, RotationRules: { AutomaticallyAfterDays: 30 } });
    await untilSteps(1);
    const state = await eventually(secret, (each) =>
      Object.values(each.VersionIdsToStages ?? {}).every((stages) => stages[0] === "AWSCURRENT"),
    );
    expect(rotation.steps).toEqual(["testSecret"]);
    expect(Object.keys(state.VersionIdsToStages ?? {})).toEqual([first]);
    expect(state).toMatchObject({ RotationEnabled: true });
    expect(state.LastRotatedDate).toBeUndefined();
  });

  test("comes by itself when the schedule says so", async () => {
    await rotate({
      RotateImmediately: false,
      RotationRules: { ScheduleExpression: "rate(1 day)" },
    });
    await untilRotated();
    expect(rotation.steps.slice(0, 5)).toEqual(["testSecret", ...allSteps]);
    await untilSteps(9);
  });

  test("that was due while its Region was lost comes when it is back", async () => {
    await rotate({
      RotateImmediately: false,
      RotationRules: { ScheduleExpression: "rate(2 days)" },
    });
    await untilSteps(1);
    await cloud.outages.lose(east, "5xx");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(rotation.steps).toEqual(["testSecret"]);
    await cloud.outages.restore(east);
    await untilRotated();
  });

  test("uses the function and the schedule that the secret has", async () => {
    await rotate({ RotationRules: { AutomaticallyAfterDays: 30 } });
    await untilRotated();
    await cloud.east.send(new RotateSecretCommand({ SecretId: name }));
    await untilSteps(8);
    expect((await secret()).RotationRules).toEqual({ AutomaticallyAfterDays: 30 });
  });

  test("with the token of a version that exists starts nothing", async () => {
    await rotate({ ClientRequestToken: "a".repeat(32) });
    await untilRotated();
    await rotate({ ClientRequestToken: "a".repeat(32) });
    expect(rotation.steps).toEqual(allSteps);
  });
});

describe("cancelling", () => {
  test("switches rotation off and keeps its function and schedule", async () => {
    await rotate({ RotationRules: { AutomaticallyAfterDays: 30 } });
    await untilRotated();
    await cloud.east.send(new CancelRotateSecretCommand({ SecretId: name }));
    const state = await secret();
    expect(state).toMatchObject({ RotationEnabled: false, RotationLambdaARN: functionArn });
    expect(state.NextRotationDate).toBeUndefined();
  });

  test("ends a rotation that is under way and leaves its labels", async () => {
    let open = () => {};
    rotation.gate = new Promise((resolve) => {
      open = resolve;
    });
    const { VersionId = "" } = await rotate();
    await untilSteps(1);
    const cancelled = await cloud.east.send(new CancelRotateSecretCommand({ SecretId: name }));
    expect(cancelled.VersionId).toBe(VersionId);
    open();
    expect(await refusalOf(rotate())).toMatchObject({ name: "InvalidRequestException" });
    expect((await secret()).VersionIdsToStages).toMatchObject({ [VersionId]: ["AWSPENDING"] });
    expect(rotation.steps).toEqual(["createSecret"]);
  });
});

describe("a rotation is refused", () => {
  test("of a secret that has no function", async () => {
    const refusals = await Promise.all(
      [RotateSecretCommand, CancelRotateSecretCommand].map((Command) =>
        refusalOf(cloud.east.send(new Command({ SecretId: name }))),
      ),
    );
    for (const refusal of refusals)
      expect(refusal).toMatchObject({
        name: "InvalidRequestException",
        status: 400,
        message: "No Lambda rotation function ARN is associated with this secret.",
      });
  });

  test("by a function that does not let Secrets Manager call it, and nothing is kept", async () => {
    rotation.isPermitted = false;
    expect(await refusalOf(rotate())).toMatchObject({
      name: "AccessDeniedException",
      status: 400,
      message:
        "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.",
    });
    expect((await secret()).RotationEnabled).toBeUndefined();
  });

  test("on a replica, whose own rotation begins with its promotion", async () => {
    await cloud.east.send(
      new ReplicateSecretToRegionsCommand({
        SecretId: name,
        AddReplicaRegions: [{ Region: west }],
      }),
    );
    await untilReplica(cloud.east, name, "InSync");
    const input = { SecretId: name, RotationLambdaARN: functionArn };
    for (const command of [
      new RotateSecretCommand(input),
      new CancelRotateSecretCommand({ SecretId: name }),
    ])
      expect(await refusalOf(cloud.west.send(command as RotateSecretCommand))).toMatchObject({
        name: "InvalidParameterException",
        status: 400,
        message:
          "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
      });
  });

  test("with a schedule that cannot be kept", async () => {
    expect(
      await refusalOf(rotate({ RotationRules: { AutomaticallyAfterDays: 1001 } })),
    ).toMatchObject({ name: "ValidationException", status: 400 });
  });
});
