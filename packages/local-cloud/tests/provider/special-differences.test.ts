import { describe, expect, it } from "vitest";
import { contractOf } from "../../src/provider/contract.ts";
import { plan } from "../../src/provider/plan.ts";
import type { PropertyMap } from "../../src/provider/property-values.ts";
import { unknown } from "../../src/provider/property-values.ts";

const version = "aws:secretsmanager/secretVersion:SecretVersion";
const lambda = "aws:lambda/function:Function";

/** What a state has beside what a test is about. */
const complete = (type: string, state: PropertyMap): PropertyMap => {
  const defaults = Object.entries(contractOf(type).inputs)
    .filter(([, field]) => field.default !== undefined)
    .map(([name, field]) => [name, field.default]);
  return { ...Object.fromEntries(defaults), ...state };
};
const planned = (type: string, state: PropertyMap, wanted: PropertyMap, ignored: string[] = []) =>
  plan({ type, state: complete(type, state), inputs: wanted, ignoreChanges: ignored });
const summary = (type: string, state: PropertyMap, wanted: PropertyMap, ignored: string[] = []) =>
  planned(type, state, wanted, ignored).differences.map(
    ({ path, kind, replaces }) => `${kind}${replaces ? "-replace" : ""} ${path}`,
  );

describe("a secret's version", () => {
  const state = { secretId: "s", secretString: "a", versionStages: ["AWSCURRENT"] };
  it.each<[string, PropertyMap, PropertyMap, string[]]>([
    ["with the same value stays", state, { secretId: "s", secretString: "a" }, []],
    [
      "with another value is replaced",
      state,
      { secretId: "s", secretString: "b" },
      ["update-replace secretString"],
    ],
    [
      "with a value that is not known yet is replaced",
      state,
      { secretId: "s", secretString: unknown },
      ["update-replace secretString"],
    ],
    ["without any value is not replaced", state, { secretId: "s" }, ["delete secretString"]],
    [
      "with another write-only version is replaced",
      { secretId: "s", secretStringWoVersion: 1 },
      { secretId: "s", secretStringWo: "x", secretStringWoVersion: 2 },
      ["update-replace secretStringWoVersion"],
    ],
  ])("%s", (_case, before, wanted, expected) => {
    expect(summary(version, before, wanted)).toEqual(expected);
  });
});

it("refuses a zip function without a handler, already in the preview", () => {
  expect(() => planned(lambda, {}, { role: "r" })).toThrow(
    "handler and runtime must be set when PackageType is Zip",
  );
});

it("compares archives by their content's hash alone", () => {
  const archive = (hash: string, path: string) => ({
    "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7",
    hash,
    path,
  });
  const common = { handler: "index.handler", runtime: "nodejs24.x", role: "r" };
  const state = { ...common, code: archive("1", "here") };
  expect(summary(lambda, state, { ...common, code: archive("1", "there") })).toEqual([]);
  expect(summary(lambda, state, { ...common, code: archive("2", "here") })).toEqual([
    "update code",
  ]);
});
