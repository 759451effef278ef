import { expect, it } from "vitest";
import { deployPair, east, mutating, type Pair, type Run, west } from "../support/pair.ts";
import { promoteByHand, rdsByHand } from "../support/rds-by-hand.ts";
import { explore, type Transition } from "./explore.ts";
import { engineOperations, planWalks } from "./walk.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const asked = process.env["FLAG_ORDERS_ENGINE_STEPS"] ?? "40";
/** How often the engine is started at most; all steps of all situations of up to four operations take 124 starts and 24 pairs. */
const engineSteps = asked === "all" ? Number.POSITIVE_INFINITY : Number(asked);

/** Of the engine's summary: whatever is deleted or replaced, a record by a change batch included, is counted there. */
const lostResources = /^ +\S+ ?\d+ (deleted|replaced)/m;

const stackOf = (operation: string): string => operation.split(" ").at(-1) ?? "";

/** Types the operation. Returns what the engine said, where it was started. */
async function type(pair: Pair, { operation, from }: Transition): Promise<Run | undefined> {
  switch (operation) {
    case "failover on":
    case "failover off":
      return void (await pair.setFlag("failover", operation.endsWith("on")));
    case "readOnlyFailover on":
    case "readOnlyFailover off":
      return void (await pair.setFlag("readOnlyFailover", operation.endsWith("on")));
    case "lose us-east-1":
      return void (await pair.cloud.lose("us-east-1", "refuse"));
    case "restore us-east-1":
      return void (await pair.cloud.restore("us-east-1"));
    case "promote by hand":
      if (!from.standalone) await promoteByHand(pair.cloud, "us-west-2", "orders-prod-1");
      return undefined;
    case "refresh prod-west":
      return await pair.pulumi("refresh", "-s", "prod-west", "--yes", "--skip-preview");
    case "up prod-east":
    case "up prod-west":
      return await pair.up(stackOf(operation));
  }
}

/** What the model says and what the real engine, provider and database servers did. */
async function expectAsModelled(pair: Pair, transition: Transition): Promise<void> {
  const { to, outcome, operation } = transition;
  const after = pair.cloud.calls().length;
  const run = await type(pair, transition);
  if (run) {
    expect(run.exitCode === 0, run.text).toBe(outcome?.green ?? true);
    expect(run.text).not.toMatch(lostResources);
  }
  await expect.poll(pair.recordTarget, { timeout: 10_000 }).toBe(to.recordInWest ? west : east);
  const live = await rdsByHand(pair.cloud, "us-west-2", "DescribeDBInstances", {
    DBInstanceIdentifier: "orders-prod-1",
  });
  expect(!live.includes("<ReadReplicaSourceDBInstanceIdentifier>")).toBe(to.standalone);
  expect(live.includes("standby:promotion")).toBe(to.promotionTag);
  const changes = mutating(pair.operations({ after }));
  if (engineOperations.includes(operation) && !outcome?.steps.length) expect(changes).toEqual([]);
  expect(
    changes.filter((change) => /:(Create|Delete|Schedule|Remove(?!Tags))/.test(change)),
  ).toEqual([]);
}

it("does on the real engine what the model says, in every situation that it is led through", async () => {
  const { transitions } = await explore(4);
  const { walks, covered } = planWalks(transitions, engineSteps);
  const all = transitions.filter(({ operation }) => engineOperations.includes(operation)).length;
  let steps = 0;
  for (const walk of walks) {
    await using pair = await deployPair();
    for (const [index, transition] of walk.entries()) {
      const typed = walk.slice(0, index + 1).map(({ operation }) => operation);
      await expectAsModelled(pair, transition).catch((error: unknown) => {
        throw new Error(`after: ${typed.join(", ")}`, { cause: error });
      });
      if (engineOperations.includes(transition.operation)) steps += 1;
    }
    print(`flag orders, real engine: ${walk.map(({ operation }) => operation).join(", ")}`);
    if (walk.at(-1)?.outcome?.green)
      expect(await pair.preview(stackOf(walk.at(-1)?.operation ?? ""))).toEqual([]);
  }
  print(
    `flag orders, real engine: ${walks.length} deployed pairs, ${steps} runs of the engine, ${covered} of the ${all} steps that start it`,
  );
});
