import { describe, expect, it } from "vitest";
import { run } from "./stack-mocks.ts";
import { firstEast, firstWest, laterEast, laterWest } from "./worlds.ts";

const addressType = "aws:lambda/functionUrl:FunctionUrl";

describe.each([
  ["us-east-1", firstEast, laterEast],
  ["us-west-2", firstWest, laterWest],
] as const)("the application's function in %s", (region, first, later) => {
  it.each([
    ["first", first],
    ["later", later],
  ])("has an address for callers who sign, from the first update on: %s", async (_which, world) => {
    const { ofType, outputs } = await run(world());
    expect(ofType(addressType).map(({ name, inputs }) => [name, inputs])).toEqual([
      ["orders-api-url", { authorizationType: "AWS_IAM", functionName: "orders-prod-orders-api" }],
    ]);
    expect(outputs["functionUrl"]).toBe(
      `https://orders-prod-orders-api.lambda-url.${region}.on.aws/`,
    );
  });

  it("may be called by nobody whom no policy of their own allows", async () => {
    const { ofType } = await run(later());
    const permissions = ofType("aws:lambda/permission:Permission");
    expect(permissions.map(({ inputs }) => inputs["principal"])).toEqual(["events.amazonaws.com"]);
  });
});
