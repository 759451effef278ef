import { expect, it } from "vitest";
import { type Run, run } from "./stack-mocks.ts";
import { eastOutputs, firstEast, firstWest, laterEast, laterWest } from "./worlds.ts";

const staging = {
  "standby:service": "orders-staging",
  "standby:databaseHostName": "db.staging.internal",
};
const zone = { "standby:zone": '{"name":"staging.internal"}' };

/** What a person or AWS finds a resource by: two of a kind with one name in one account would be one resource. */
const physicalNames = ({ resources }: Run): readonly string[] =>
  resources.flatMap(({ type, inputs }) =>
    ["name", "identifier", "finalSnapshotIdentifier"]
      .filter((field) => typeof inputs[field] === "string")
      // The policy of a role belongs to the role, whose name is compared.
      .filter(() => type !== "aws:iam/rolePolicy:RolePolicy")
      .map((field) => `${type} ${inputs[field]}`),
  );

it("has no physical name in common with the first one, in either Region", async () => {
  const prod = [await run(firstEast()), await run(firstWest())];
  const outputs = {
    "organization/standby/prod-east": {
      ...eastOutputs,
      service: "orders-staging",
      databaseHostName: "db.staging.internal",
    },
  };
  const second = [
    await run(firstEast({ ...staging, ...zone })),
    await run({ ...firstWest(staging), outputs }),
  ];
  const taken = new Set(prod.flatMap(physicalNames));
  expect(taken.size).toBeGreaterThan(8);
  expect(second.flatMap(physicalNames).filter((name) => taken.has(name))).toEqual([]);
});

it("shares no name between the Regions of one pair where AWS knows no Region", async () => {
  const roles = async (program: Run) =>
    program.ofType("aws:iam/role:Role").map(({ inputs }) => inputs["name"]);
  const primary = await roles(await run(laterEast()));
  const recovery = await roles(await run(laterWest()));
  expect(primary).toHaveLength(1);
  expect(recovery).not.toEqual(primary);
});
