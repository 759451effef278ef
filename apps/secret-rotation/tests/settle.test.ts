import { describe, expect, it } from "vitest";
import { rotate } from "../src/rotate.ts";
import { type Step, steps } from "../src/rotation-event.ts";
import { settle } from "../src/settle.ts";
import { Crash } from "./support/outside-calls.ts";
import {
  adminSecret,
  applicationSecret,
  nextVersion,
  RotationWorld,
} from "./support/rotation-world.ts";

/** As the Region was lost: these steps were done, on a database that the recovery Region has got with or without them. */
async function cutOff(done: readonly Step[]): Promise<RotationWorld> {
  const world = new RotationWorld("single-user").bootstrapped();
  world.secrets.begin(applicationSecret, nextVersion);
  for (const Step of done)
    await rotate(
      { Step, SecretId: applicationSecret, ClientRequestToken: nextVersion },
      world.tools,
    );
  return world;
}

describe("a rotation that a lost Region has left half done", () => {
  it.each([
    ["before the first step", 0, "given-up"],
    ["after createSecret", 1, "given-up"],
    ["after setSecret", 2, "finished"],
    ["after testSecret", 3, "finished"],
    ["after its end", 4, "nothing-to-do"],
  ])("is settled %s, and the next one succeeds", async (_when, count, outcome) => {
    const world = await cutOff(steps.slice(0, Number(count)));
    expect((await settle(world.tools)).settled).toEqual({
      [adminSecret]: "nothing-to-do",
      [applicationSecret]: outcome,
    });
    expect(world.lettingIn()[0]).toBe("AWSCURRENT");
    expect((await settle(world.tools)).settled[applicationSecret]).toBe("nothing-to-do");
    world.secrets.begin(applicationSecret, "3".repeat(32));
    await world.rotate(applicationSecret, "3".repeat(32));
    expect(world.lettingIn()[0]).toBe("AWSCURRENT");
  });

  it("keeps the new version when the database accepts neither: its password may be on its way", async () => {
    const world = await cutOff(["createSecret"]);
    world.database.passwords.set("orders_app", "somebody else's");
    expect((await settle(world.tools)).settled[applicationSecret]).toBe("nothing-to-do");
    expect(world.secrets.value(applicationSecret, "AWSPENDING")).toBeDefined();
  });

  it("is settled in a second attempt after a crash at any call", async () => {
    const straight = await cutOff(["createSecret", "setSecret"]);
    const before = straight.calls.made.length;
    await settle(straight.tools);
    for (let call = 1; call <= straight.calls.made.length - before; call++)
      for (const effect of ["lost", "kept"] as const) {
        const world = await cutOff(["createSecret", "setSecret"]);
        world.calls.crashAt = { call: world.calls.made.length + call, effect };
        await expect(settle(world.tools)).rejects.toBeInstanceOf(Crash);
        world.calls.crashAt = undefined;
        await settle(world.tools);
        expect(world.end()).toEqual(straight.end());
      }
  });
});
