import { describe, expect, it } from "vitest";
import { Crash } from "./support/outside-calls.ts";
import {
  adminSecret,
  applicationSecret,
  nextVersion,
  RotationWorld,
} from "./support/rotation-world.ts";

interface Course {
  readonly name: string;
  readonly world: () => RotationWorld;
  readonly run: (world: RotationWorld) => Promise<unknown>;
}

const rotated = (secretArn: string) => ({
  begin: (world: RotationWorld) => {
    world.secrets.begin(secretArn, nextVersion);
    return world;
  },
  run: (world: RotationWorld) => world.rotate(secretArn),
});
const application = rotated(applicationSecret);
const admin = rotated(adminSecret);

const courses: readonly Course[] = [
  {
    name: "a single user that changes its own password",
    world: () => application.begin(new RotationWorld("single-user", { admin: false }).fresh()),
    run: application.run,
  },
  {
    name: "a single user whose password the admin changes",
    world: () => application.begin(new RotationWorld("single-user").bootstrapped()),
    run: application.run,
  },
  {
    name: "alternating users, the second made for the first time",
    world: () => application.begin(new RotationWorld("alternating-users").bootstrapped()),
    run: application.run,
  },
  {
    name: "alternating users, the second there already",
    world: () => {
      const world = new RotationWorld("alternating-users").bootstrapped();
      world.database.passwords.set("orders_app_clone", "from long ago");
      return application.begin(world);
    },
    run: application.run,
  },
  {
    name: "the admin secret",
    world: () => admin.begin(new RotationWorld("alternating-users").bootstrapped()),
    run: admin.run,
  },
  {
    name: "the bootstrap",
    world: () => new RotationWorld("alternating-users").fresh(),
    run: (world) => world.bootstrap(),
  },
  {
    name: "the bootstrap again",
    world: () => new RotationWorld("alternating-users").bootstrapped(),
    run: (world) => world.bootstrap(),
  },
];

/** One crash, then the whole course again. */
async function crashAndRepeat(course: Course, call: number, effect: "lost" | "kept") {
  const world = course.world();
  world.calls.crashAt = { call, effect };
  await expect(course.run(world)).rejects.toBeInstanceOf(Crash);
  const afterCrash = world.lettingIn();
  world.calls.crashAt = undefined;
  await course.run(world);
  return { world, afterCrash };
}

describe.each(courses)("$name", (course) => {
  it("comes to the same end after a crash at every call that leaves the function, and the application can always log in", async () => {
    const straight = course.world();
    await course.run(straight);
    const calls = straight.calls.made.length;
    expect(calls).toBeGreaterThan(5);
    for (let call = 1; call <= calls; call++)
      for (const effect of ["lost", "kept"] as const) {
        const { world, afterCrash } = await crashAndRepeat(course, call, effect);
        const where = `${effect} at call ${call}, ${straight.calls.made[call - 1]}`;
        expect(afterCrash, where).not.toEqual([]);
        expect(world.end(), where).toEqual(straight.end());
        expect(world.lettingIn()[0], where).toBe("AWSCURRENT");
      }
  });

  it("comes to the same end when it is run twice", async () => {
    const once = course.world();
    await course.run(once);
    const twice = course.world();
    await course.run(twice);
    await course.run(twice);
    expect(twice.end()).toEqual(once.end());
  });
});
