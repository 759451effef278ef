import { expect, it } from "vitest";
import { readStackOutputs } from "../src/stack-outputs.ts";
import { stackOutputs } from "./good-evidence.ts";

it("reads the outputs of a stack", () => {
  const outputs = stackOutputs("recovery");
  expect(readStackOutputs("prod-west", JSON.stringify(outputs))).toEqual(outputs);
});

it("names the outputs that are missing", () => {
  const { functionName, database, ...rest } = stackOutputs("recovery");
  expect(functionName && database).toBeTruthy();
  expect(() => readStackOutputs("prod-west", JSON.stringify(rest))).toThrow(
    "stack prod-west has no output functionName, database.address",
  );
});
