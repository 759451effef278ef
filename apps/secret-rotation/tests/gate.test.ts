import { describe, expect, it } from "vitest";
import { rotate } from "../src/rotate.ts";
import { steps } from "../src/rotation-event.ts";
import {
  adminSecret,
  applicationSecret,
  firstVersion,
  nextVersion,
  RotationWorld,
  valueFor,
} from "./support/rotation-world.ts";

const started = (strategy: "single-user" | "alternating-users" = "single-user") => {
  const world = new RotationWorld(strategy).bootstrapped();
  world.secrets.begin(applicationSecret, nextVersion);
  return world;
};

const changes = (world: RotationWorld) =>
  world.calls.made.filter((call) => /Put|Update|ALTER|CREATE|GRANT/.test(call));

/** Every step is refused with this code, and nothing is changed by any of them. */
async function expectRefused(world: RotationWorld, code: string): Promise<void> {
  const before = world.end();
  for (const Step of steps)
    await expect(
      rotate({ Step, SecretId: applicationSecret, ClientRequestToken: nextVersion }, world.tools),
      Step,
    ).rejects.toMatchObject({ name: "RotationRefusedError", code });
  expect(world.end()).toEqual(before);
  expect(changes(world)).toEqual([]);
}

/** As far as before the step, so that the refusal is the step's own. */
async function begun(world: RotationWorld): Promise<RotationWorld> {
  await rotate(
    { Step: "createSecret", SecretId: applicationSecret, ClientRequestToken: nextVersion },
    world.tools,
  );
  world.calls.made.length = 0;
  return world;
}

const setSecret = (world: RotationWorld) =>
  rotate(
    { Step: "setSecret", SecretId: applicationSecret, ClientRequestToken: nextVersion },
    world.tools,
  );

describe("nothing is changed", () => {
  it("while the CNAME leads to another Region: an overdue rotation of a Region that has returned does nothing", async () => {
    const world = started();
    world.database.isElsewhere = true;
    await expect(world.rotate(applicationSecret)).rejects.toMatchObject({
      code: "not-this-region",
    });
    expect(changes(world)).toEqual([]);
  });

  it("when the database is lost to another Region after the first step", async () => {
    const world = await begun(started());
    world.database.isElsewhere = true;
    const before = world.end();
    for (const Step of ["setSecret", "testSecret", "finishSecret"] as const)
      await expect(
        rotate({ Step, SecretId: applicationSecret, ClientRequestToken: nextVersion }, world.tools),
      ).rejects.toMatchObject({ code: "not-this-region" });
    expect(world.end()).toEqual(before);
    expect(changes(world)).toEqual([]);
  });

  it("by a database that takes no writes", async () => {
    const world = started();
    world.database.readOnly = 1;
    await expect(world.rotate(applicationSecret)).rejects.toMatchObject({ code: "not-a-writer" });
    expect(changes(world)).toEqual([]);
  });

  it("on a replica that somebody made writable", async () => {
    const world = started();
    world.database.replicatesFrom = "orders-prod-1.d4e5f6.us-west-2.rds.amazonaws.com";
    await expect(world.rotate(applicationSecret)).rejects.toMatchObject({ code: "not-a-writer" });
    expect(changes(world)).toEqual([]);
  });

  it("of a secret that is a copy of another Region's", async () => {
    const world = started();
    world.secrets.primaryRegion = "us-west-2";
    await expectRefused(world, "not-this-secret");
  });

  it("of a secret that is marked for deletion", async () => {
    const world = started();
    world.secrets.isDeleted = true;
    await expectRefused(world, "not-this-secret");
  });

  it("of a version that another rotation has taken AWSPENDING from", async () => {
    const world = started();
    world.secrets.begin(applicationSecret, "3".repeat(32));
    await expectRefused(world, "not-this-secret");
  });

  it("of a secret that is none of this deployment's", async () => {
    await expect(
      rotate(
        {
          Step: "createSecret",
          SecretId: `${applicationSecret}x`,
          ClientRequestToken: nextVersion,
        },
        started().tools,
      ),
    ).rejects.toMatchObject({ code: "not-ours" });
  });

  it("before the bootstrap: the application's user is still the master user", async () => {
    const world = new RotationWorld("alternating-users").fresh();
    world.secrets.begin(applicationSecret, nextVersion);
    await expect(world.rotate(applicationSecret)).rejects.toMatchObject({
      code: "not-bootstrapped",
    });
    world.secrets.store(adminSecret, firstVersion, valueFor("orders_admin", "master"));
    await expect(world.rotate(applicationSecret)).rejects.toMatchObject({
      code: "not-bootstrapped",
    });
    expect(changes(world)).toEqual([]);
  });

  it("when the database refuses every version", async () => {
    const world = started();
    world.database.passwords.set("orders_admin", "somebody else's");
    await expect(world.rotate(applicationSecret)).rejects.toMatchObject({ code: "login-refused" });
    expect(changes(world)).toEqual([]);
  });
});

describe("the copies in other Regions", () => {
  it("hold the new version before the database has the password of a single user", async () => {
    const world = await begun(started());
    world.secrets.copyStatuses = ["InProgress", "InProgress", "InSync"];
    await setSecret(world);
    const [lastLook, firstChange] = [
      world.calls.made.lastIndexOf("DescribeSecret"),
      world.calls.made.findIndex((call) => call.startsWith("ALTER")),
    ];
    expect(lastLook).toBeGreaterThan(2);
    expect(firstChange).toBeGreaterThan(lastLook);
  });

  it.each(["InProgress", "Failed"])(
    "that stay %s stop the rotation of a single user",
    async (status) => {
      const world = await begun(started());
      world.secrets.copyStatuses = [status];
      await expect(setSecret(world)).rejects.toMatchObject({ code: "copies-behind" });
      expect(changes(world)).toEqual([]);
      expect(world.lettingIn()).toEqual(["AWSCURRENT"]);
    },
  );

  it("stop no alternating users: the user in use keeps its password", async () => {
    const world = await begun(started("alternating-users"));
    world.secrets.copyStatuses = ["InProgress"];
    expect(await setSecret(world)).toBe("done");
    expect(world.lettingIn()).toEqual(["AWSCURRENT", "AWSPENDING"]);
  });
});

describe("a pending version that this rotation has not made is refused", () => {
  it.each([
    ["host", { host: "db.elsewhere.example" }],
    ["port", { port: 3307 }],
    ["username", { username: "orders_admin" }],
  ])("by its %s", async (key, other) => {
    const world = started();
    await world.secrets.put(
      applicationSecret,
      nextVersion,
      JSON.stringify({ ...valueFor("orders_app", "planted"), ...other }),
      "AWSPENDING",
    );
    world.calls.made.length = 0;
    const refused = expect(setSecret(world)).rejects;
    await refused.toMatchObject({ code: "unexpected-value" });
    await refused.toThrow(key);
    expect(changes(world)).toEqual([]);
  });
});

describe("the test that AWS makes of a configuration", () => {
  it("passes with a version that holds the current value", async () => {
    const world = new RotationWorld("alternating-users").bootstrapped();
    await world.secrets.put(
      applicationSecret,
      nextVersion,
      JSON.stringify(valueFor("orders_app", "first")),
      "AWSPENDING",
    );
    const test = { Step: "testSecret", SecretId: applicationSecret } as const;
    expect(await rotate({ ...test, ClientRequestToken: nextVersion }, world.tools)).toBe("done");
  });
});

describe("the bootstrap", () => {
  it("keeps the master user's value as it is and gives the application a user with its rights", async () => {
    const world = new RotationWorld("alternating-users").fresh();
    expect(await world.bootstrap()).toMatchObject({
      outcome: "handed-over",
      applicationUsername: "orders_app",
    });
    expect(world.secrets.value(adminSecret, "AWSCURRENT")).toEqual(
      valueFor("orders_admin", "master"),
    );
    expect(world.secrets.value(applicationSecret, "AWSCURRENT")).toMatchObject({
      username: "orders_app",
      team: "orders",
    });
    const rights = [...(world.database.rights.get("orders_app") ?? [])].join("; ");
    expect(rights).toContain("ON `orders`.*");
    expect(rights).not.toMatch(/ALL|CREATE USER|GRANT OPTION/);
    expect(world.lettingIn()).toContain("AWSPREVIOUS");
  });

  it("refuses while a rotation is under way, and without an admin secret", async () => {
    const fresh = new RotationWorld("single-user").fresh();
    await fresh.secrets.put(
      applicationSecret,
      nextVersion,
      JSON.stringify(valueFor("orders_admin", "half way")),
      "AWSPENDING",
    );
    await expect(fresh.bootstrap()).rejects.toMatchObject({ code: "rotation-unfinished" });
    const without = new RotationWorld("single-user", { admin: false }).fresh();
    await expect(without.bootstrap()).rejects.toMatchObject({ code: "not-ours" });
  });

  it("goes on where a rotation was refused for want of it, and that rotation succeeds afterwards", async () => {
    const world = new RotationWorld("alternating-users").fresh();
    world.secrets.begin(applicationSecret, nextVersion);
    world.secrets.begin(adminSecret, nextVersion);
    await expect(world.rotate(adminSecret)).rejects.toMatchObject({ code: "unexpected-value" });
    await world.bootstrap();
    await world.rotate(adminSecret);
    expect(world.lettingIn(adminSecret)).toContain("AWSCURRENT");
    world.secrets.begin(applicationSecret, "3".repeat(32));
    await world.rotate(applicationSecret, "3".repeat(32));
    expect(world.secrets.value(applicationSecret, "AWSCURRENT")).toMatchObject({
      username: "orders_app_clone",
    });
  });

  it("does not take the application's own user for the master user", async () => {
    const world = new RotationWorld("single-user");
    world.secrets.store(applicationSecret, firstVersion, valueFor("orders_app", "first"));
    world.database.passwords.set("orders_app", "first");
    await expect(world.bootstrap()).rejects.toMatchObject({ code: "unexpected-value" });
  });
});
