import { expect, it } from "vitest";
import {
  adminSecret,
  applicationSecret,
  nextVersion,
  RotationWorld,
} from "./support/rotation-world.ts";

/*
 * The secret and the user table reach the recovery Region by two ways that know nothing of each other. At any moment the Region has a
 * beginning of each, and that is what it fails over with.
 */

const stages = ["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"];

interface Beginnings {
  /** Every state of the application's secret, oldest first. */
  readonly secrets: Readonly<Record<string, unknown>>[][];
  /** Every state of the users and their passwords, oldest first. */
  readonly users: Map<string, string>[];
  /** What the recovery Region may have at one moment: how many states of each there were, and how many of the secret it has for sure. */
  readonly moments: { readonly call: string; secrets: number; surely: number; users: number }[];
}

/** Runs the course and notes each state of both, and when the copies were seen to be in sync. */
async function record(world: RotationWorld, course: () => Promise<unknown>): Promise<Beginnings> {
  const secretNow = () =>
    stages
      .map((stage) => world.secrets.value(applicationSecret, stage))
      .filter((value) => value !== undefined);
  const seen: Beginnings = {
    secrets: [secretNow()],
    users: [new Map(world.database.passwords)],
    moments: [{ call: "before", secrets: 1, surely: 1, users: 1 }],
  };
  let surely = 1;
  // The copies are behind after every change until the rotation waits for them.
  world.onWait = () => {
    world.secrets.copyStatuses = ["InSync"];
    surely = seen.secrets.length;
  };
  world.calls.onEffect = (call) => {
    const [lastSecret, lastUsers] = [seen.secrets.at(-1), seen.users.at(-1)];
    if (JSON.stringify(secretNow()) !== JSON.stringify(lastSecret)) {
      seen.secrets.push(secretNow());
      world.secrets.copyStatuses = ["InProgress"];
    }
    if (JSON.stringify([...world.database.passwords]) !== JSON.stringify([...(lastUsers ?? [])]))
      seen.users.push(new Map(world.database.passwords));
    const [secrets, users] = [seen.secrets.length, seen.users.length];
    seen.moments.push({ call, secrets, surely, users });
  };
  await course();
  return seen;
}

/** Every way in which a failover finds the recovery Region locked out. */
const lockedOut = ({ secrets, users, moments }: Beginnings): readonly string[] =>
  moments.flatMap((moment) =>
    secrets.slice(moment.surely - 1, moment.secrets).flatMap((copy, secretLag) =>
      users.slice(0, moment.users).flatMap((passwords, rows) => {
        const opens = copy.some(
          ({ username, password }) => passwords.get(String(username)) === password,
        );
        return opens
          ? []
          : [`after ${moment.call}: secret ${moment.surely + secretLag}, user table ${rows + 1}`];
      }),
    ),
  );

const courses = {
  "a single user": () => new RotationWorld("single-user").bootstrapped(),
  "alternating users": () => new RotationWorld("alternating-users").bootstrapped(),
  "a single user that is the master": () =>
    new RotationWorld("single-user", { admin: false }).fresh(),
};

it.each(Object.entries(courses))(
  "with %s the application can log in after a failover at every call of a rotation, whichever of secret and user table arrived first",
  async (_name, make) => {
    const world = make();
    world.secrets.begin(applicationSecret, nextVersion);
    const beginnings = await record(world, () => world.rotate(applicationSecret));
    expect(beginnings.secrets.length).toBe(3);
    expect(beginnings.users.length).toBeGreaterThan(1);
    expect(lockedOut(beginnings)).toEqual([]);
  },
);

it("the application can log in after a failover at every call of the bootstrap and of the admin's first rotation", async () => {
  const world = new RotationWorld("single-user").fresh();
  const beginnings = await record(world, async () => {
    await world.bootstrap();
    world.secrets.begin(adminSecret, nextVersion);
    await world.rotate(adminSecret);
  });
  expect(lockedOut(beginnings)).toEqual([]);
});

it("finds the lock-out of a rotation that does not wait for the copies", async () => {
  const world = courses["a single user"]();
  world.secrets.begin(applicationSecret, nextVersion);
  const beginnings = await record(world, () => world.rotate(applicationSecret));
  for (const moment of beginnings.moments) moment.surely = 1;
  expect(lockedOut(beginnings)).not.toEqual([]);
});
