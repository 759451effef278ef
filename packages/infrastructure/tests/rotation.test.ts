import { describe, expect, it } from "vitest";
import { decideRotation } from "../src/decide-rotation.ts";
import { account } from "./mock-aws.ts";
import { failure, type Run, run, type World } from "./stack-mocks.ts";
import { eastOutputs, firstEast, laterEast, laterWest, westOutputs } from "./worlds.ts";

const secretWith = (fields: object) => ({
  "standby:secret": JSON.stringify({ replicaRegions: ["us-west-2"], ...fields }),
});
const both = secretWith({
  rotation: { strategy: "alternating-users", automaticallyAfterDays: 7 },
  admin: {},
});
const rotation = {
  strategy: "alternating-users",
  automaticallyAfterDays: 7,
  applicationUsername: "orders_app",
} as const;
const eastAdminArn = `arn:aws:secretsmanager:us-east-1:${account}:secret:orders-prod/database-admin-AbCdEf`;
const types = {
  function: "aws:lambda/function:Function",
  permission: "aws:lambda/permission:Permission",
  policy: "aws:iam/rolePolicy:RolePolicy",
  secret: "aws:secretsmanager/secret:Secret",
  rotation: "aws:secretsmanager/secretRotation:SecretRotation",
} as const;

const variablesOf = ({ resource }: Run) =>
  (
    resource(types.function, "secret-rotation").inputs["environment"] as {
      readonly variables: object;
    }
  ).variables;
const statementsOf = ({ resource }: Run): readonly object[] =>
  JSON.parse(String(resource(types.policy, "secret-rotation-policy").inputs["policy"])).Statement;
const schedules = (stack: Run) => stack.ofType(types.rotation).map(({ inputs }) => inputs);

const withLast = (world: World, rules: object): World => ({
  ...world,
  outputs: {
    ...world.outputs,
    "organization/standby/prod-east": { ...eastOutputs, rotation, rotationRules: rules },
  },
});

describe("without the keys", () => {
  it.each([laterEast(), laterWest()])("nothing of a rotation is declared", async (world) => {
    const stack = await run(world);
    expect(stack.resources.filter(({ name }) => /rotation|admin/.test(name))).toEqual([]);
    expect(Object.keys(stack.outputs)).not.toContain("rotation");
  });
});

describe("the primary Region", () => {
  it("has the function, its rights and the admin secret from the first update, and rotates nothing before the CNAME exists", async () => {
    const stack = await run(firstEast(both));
    expect(stack.ofType(types.rotation)).toEqual([]);
    expect(variablesOf(stack)).toMatchObject({
      ROTATION_STRATEGY: "alternating-users",
      APPLICATION_USERNAME: "orders_app",
      ADMIN_SECRET_NAME: eastAdminArn,
      REGION_NAME: "us-east-1",
    });
    expect(stack.ofType("aws:iam/role:Role").map(({ inputs }) => inputs["name"])).toContain(
      "orders-prod-rotation-us-east-1",
    );
    expect(statementsOf(stack)).toContainEqual(
      expect.objectContaining({
        Sid: "RotateLocalSecrets",
        Resource: [eastOutputs.secretArn, eastAdminArn],
      }),
    );
    expect(stack.outputs).toMatchObject({ rotation, adminSecretArn: eastAdminArn });
  });

  it("keeps the admin secret protected, replicated, never overwriting, and readable by the rotation roles alone", async () => {
    const { inputs, options } = (await run(firstEast(both))).resource(types.secret, "admin-secret");
    expect(options.protect).toBe(true);
    expect(inputs).toMatchObject({
      name: "orders-prod/database-admin",
      forceOverwriteReplicaSecret: false,
      replicas: [{ region: "us-west-2", kmsKeyId: expect.stringContaining("arn:") }],
    });
    const { Statement } = JSON.parse(String(inputs["policy"]));
    expect(Statement).toEqual([
      expect.objectContaining({
        Effect: "Deny",
        Action: "secretsmanager:GetSecretValue",
        Condition: {
          ArnNotEquals: {
            "aws:PrincipalArn": ["us-east-1", "us-west-2"].map(
              (region) => `arn:aws:iam::${account}:role/orders-prod-rotation-${region}`,
            ),
          },
        },
      }),
    ]);
  });

  it("lets Secrets Manager call the function for these two secrets and no others", async () => {
    const stack = await run(firstEast(both));
    const permissions = stack
      .ofType(types.permission)
      .map(({ inputs }) => inputs)
      .filter(({ principal }) => principal === "secretsmanager.amazonaws.com");
    expect(permissions.map(({ sourceArn }) => sourceArn)).toEqual([
      eastOutputs.secretArn,
      eastAdminArn,
    ]);
  });

  it("rotates both secrets at once when the rotation is declared, which makes the first password dead", async () => {
    const stack = await run(laterEast(both));
    expect(schedules(stack)).toEqual(
      [eastOutputs.secretArn, eastAdminArn].map((secretId) => ({
        secretId,
        rotationLambdaArn: `arn:aws:lambda:us-east-1:${account}:function:orders-prod-secret-rotation`,
        rotationRules: { automaticallyAfterDays: 7 },
        rotateImmediately: true,
        rotationEnabled: true,
      })),
    );
    expect(stack.outputs["rotationRules"]).toEqual({
      automaticallyAfterDays: 7,
      rotateImmediately: true,
    });
  });

  it("declares the same again afterwards, and no rotation with a changed schedule", async () => {
    const immediately = (stack: Run) => schedules(stack).map((each) => each["rotateImmediately"]);
    const again = await run(
      withLast(laterEast(both), { automaticallyAfterDays: 7, rotateImmediately: true }),
    );
    expect(immediately(again)).toEqual([true, true]);
    const changed = await run(
      withLast(laterEast(both), { automaticallyAfterDays: 30, rotateImmediately: true }),
    );
    expect(immediately(changed)).toEqual([false, false]);
    const afterChange = await run(
      withLast(laterEast(both), { automaticallyAfterDays: 7, rotateImmediately: false }),
    );
    expect(immediately(afterChange)).toEqual([false, false]);
  });

  it("has the function alone for the bootstrap when only the admin secret is asked for", async () => {
    const stack = await run(laterEast(secretWith({ admin: { applicationUsername: "shop" } })));
    expect(schedules(stack)).toEqual([]);
    expect(variablesOf(stack)).toMatchObject({
      ROTATION_STRATEGY: "single-user",
      APPLICATION_USERNAME: "shop",
    });
  });

  it("rotates a single user without an admin secret", async () => {
    const stack = await run(laterEast(secretWith({ rotation: {} })));
    expect(variablesOf(stack)).not.toHaveProperty("ADMIN_SECRET_NAME");
    expect(schedules(stack)).toMatchObject([{ rotationRules: { automaticallyAfterDays: 30 } }]);
  });
});

describe("the recovery Region", () => {
  const prepared = (changes?: Readonly<Record<string, string>>): World => {
    const world = laterWest(changes);
    const primary = { ...eastOutputs, rotation, adminSecretArn: eastAdminArn };
    return {
      ...world,
      outputs: {
        "organization/standby/prod-east": primary,
        "organization/standby/prod-west": { ...westOutputs, primary },
      },
    };
  };

  it("has the function and its rights on its own copies from the first day, and rotates nothing", async () => {
    const stack = await run(prepared());
    const copies = [eastOutputs.secretArn, eastAdminArn].map((arn) =>
      arn.replace("us-east-1", "us-west-2"),
    );
    expect(variablesOf(stack)).toMatchObject({
      SECRET_NAME: copies[0],
      ADMIN_SECRET_NAME: copies[1],
      REGION_NAME: "us-west-2",
      ROTATION_STRATEGY: "alternating-users",
    });
    expect(statementsOf(stack)).toContainEqual(
      expect.objectContaining({ Sid: "RotateLocalSecrets", Resource: copies }),
    );
    expect(JSON.stringify(statementsOf(stack))).not.toContain("us-east-1");
    expect(stack.ofType(types.permission).map(({ inputs }) => inputs["sourceArn"])).toEqual(
      expect.arrayContaining(copies),
    );
    expect(schedules(stack)).toEqual([]);
  });

  it("rotates its copies after they were promoted, and forgets them without a call when they are joined again", async () => {
    const stack = await run(prepared({ "standby:secretPromoted": "true" }));
    expect(schedules(stack)).toMatchObject([
      {
        rotateImmediately: true,
        secretId: eastOutputs.secretArn.replace("us-east-1", "us-west-2"),
      },
      { rotateImmediately: true, secretId: eastAdminArn.replace("us-east-1", "us-west-2") },
    ]);
    for (const { options } of stack.ofType(types.rotation))
      expect(options.retainOnDelete).toBe(true);
  });

  it("needs nothing of the primary's state for it while a failover is on", async () => {
    const world = prepared({ "standby:failover": "true" });
    const { "organization/standby/prod-west": own } = world.outputs ?? {};
    const stack = await run({ ...world, outputs: { "organization/standby/prod-west": own ?? {} } });
    expect(variablesOf(stack)).toMatchObject({ ROTATION_STRATEGY: "alternating-users" });
  });
});

describe("the configuration", () => {
  it.each([
    [{ rotation: { strategy: "alternating-users" } }, "secret.rotation.strategy"],
    [{ rotation: { strategy: "both" } }, "secret.rotation.strategy"],
    [{ rotation: { automaticallyAfterDays: 0 } }, "secret.rotation.automaticallyAfterDays"],
    [{ admin: { applicationUsername: "orders_clone" } }, "secret.admin.applicationUsername"],
    [{ existing: "orders/database", rotation: {} }, "secret.rotation"],
    [{ existing: "orders/database", admin: {} }, "secret.admin"],
  ])("%j is refused by the name of its key", async (fields, key) => {
    const { message, resources } = await failure(laterEast(secretWith(fields)));
    expect(message).toContain(key);
    expect(resources).toEqual([]);
  });
});

describe("the decision", () => {
  it.each([
    [undefined, undefined, undefined],
    [30, undefined, true],
    [30, { automaticallyAfterDays: 30, rotateImmediately: true }, true],
    [30, { automaticallyAfterDays: 7, rotateImmediately: true }, false],
    [30, { automaticallyAfterDays: 30, rotateImmediately: false }, false],
    [undefined, { automaticallyAfterDays: 30, rotateImmediately: true }, undefined],
  ])("of %j days after %j is rotateImmediately %j", (wanted, last, immediately) => {
    const decided = decideRotation(wanted, { last, isOfPromotedCopy: false });
    expect(decided?.rotateImmediately).toBe(immediately);
  });
});
