import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PropertyMap } from "../../src/provider/property-values.ts";
import { west } from "../aws-fixture.ts";
import type { ProviderClient } from "./provider-client.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";
import { leastInputs, rulesOfTypes, type TypeRules, withInput } from "./provider-rules.fixture.ts";

const secretMark = "4dabf18193072939515e22adb298388d";

let cloud: ProviderCloud;
let client: ProviderClient;
beforeAll(async () => {
  cloud = await startProviderCloud();
  client = await cloud.connect(west);
});
afterAll(() => cloud.close());

const filledIn = (inputs: PropertyMap) => inputs["__defaults"] as readonly string[];

/** From the state that one set of inputs makes to another set, as the engine asks for it. */
async function difference(type: string, before: PropertyMap, after: PropertyMap) {
  const { inputs } = await client.check(type, before);
  const wanted = await client.check(type, after, inputs);
  const { __defaults: _list, ...outputs } = inputs;
  return client.diff(type, { id: "it", inputs, outputs }, wanted.inputs);
}

const isReplacedFirst = ({ replacesBy, autoName }: TypeRules, isNamed: boolean): boolean =>
  replacesBy.includes("overlay") || (autoName !== undefined && isNamed);

/** An input whose change replaces the resource, other than its name. */
const replacingInput = ({ forceNew = [], autoName }: TypeRules): string | undefined =>
  forceNew.find(
    (name) => name !== autoName?.property && name !== "region" && !name.endsWith("Prefix"),
  );

describe.each(rulesOfTypes)("%s", (type, rules) => {
  const least = leastInputs(type, rules);
  const failuresOf = async (inputs: PropertyMap) => (await client.check(type, inputs)).failures;
  const other = (name: string, which: 0 | 1) => withInput(rules, least, name, which);

  it("is whole with the least that it needs", async () => {
    expect(await failuresOf(least)).toEqual([]);
    expect((await difference(type, least, least)).changes).toBe(1);
  });

  for (const name of rules.required ?? [])
    it(`requires ${name}`, async () => {
      const { [name]: _missing, ...inputs } = least;
      expect((await failuresOf(inputs)).join("\n")).toMatch(
        new RegExp(
          `Missing required argument\\. The argument "\\w+" is required, .*'it\\.${name}'\\.`,
        ),
      );
    });

  for (const [one, rival] of rules.conflicts ?? [])
    it(`takes no ${one} beside ${rival}`, async () => {
      const inputs = { ...least, ...other(rival, 0), ...other(one, 0) };
      inputs[rival] ??= other(rival, 0)[rival];
      expect((await failuresOf(inputs)).join("\n")).toMatch(
        new RegExp(`Conflicting configuration arguments\\. "\\w+": conflicts with .*'it\\.${one}'`),
      );
    });

  for (const [one, partner] of rules.requiredWith ?? [])
    it(`takes ${one} only with ${partner}`, async () => {
      const { [partner]: _missing, ...inputs } = other(one, 0);
      expect((await failuresOf(inputs)).join("\n")).toMatch(
        new RegExp(`Missing required argument\\. "\\w+": all of .*'it\\.${one}'`),
      );
    });

  for (const group of rules.exactlyOneOf ?? [])
    it(`needs one of ${group.join(", ")}`, async () => {
      const inputs = Object.entries(least).filter(([name]) => !group.includes(name));
      expect((await failuresOf(Object.fromEntries(inputs))).join("\n")).toContain(
        "must be specified",
      );
    });

  for (const [name, value] of Object.entries(rules.defaults ?? {}))
    it(`${value ? "fills in" : "leaves out the empty default of"} ${name}`, async () => {
      const { inputs } = await client.check(type, least);
      expect(inputs[name]).toEqual(value ? value : undefined);
      expect(filledIn(inputs).includes(name)).toBe(Boolean(value));
    });

  for (const name of rules.secrets ?? [])
    it(`keeps ${name} secret`, async () => {
      const { inputs } = await client.check(type, other(name, 0));
      expect(inputs[name]).toHaveProperty([secretMark]);
    });

  for (const name of rules.forceNew ?? [])
    it(`is replaced when ${name} changes`, async () => {
      const diff = await difference(type, other(name, 0), other(name, 1));
      expect(diff.replacesList).toContain(name);
    });

  for (const name of rules.computed ?? [])
    it(`keeps ${name} when a program no longer says it`, async () => {
      const { [name]: value, ...inputs } = other(name, 0);
      const checked = (await client.check(type, inputs)).inputs;
      const outputs = { ...checked, [name]: checked[name] ?? value };
      const diff = await client.diff(type, { id: "it", inputs: checked, outputs }, checked);
      expect(diff.diffsList).not.toContain(name);
    });

  const { autoName } = rules;
  if (autoName)
    it("gets a name that is not too long, and says that it did", async () => {
      const { property, maxLength, separator, prefix = "" } = autoName;
      const { inputs } = await client.check(type, least, undefined, "x".repeat(300));
      const name = String(inputs[property]);
      expect(name).toMatch(new RegExp(`^${prefix}x+${separator}[0-9a-f]{7}$`));
      expect(name.length).toBeLessThanOrEqual(maxLength);
      expect(filledIn(inputs)).toContain(property);
    });

  const replacing = replacingInput(rules);
  if (replacing !== undefined)
    it(`is deleted ${isReplacedFirst(rules, true) ? "before" : "after"} its replacement is made when it has a name of its own`, async () => {
      const name = (which: 0 | 1): PropertyMap => ({
        ...other(replacing, which),
        ...(autoName && { [autoName.property]: "given" }),
      });
      const named = await difference(type, name(0), name(1));
      expect(named.deletebeforereplace).toBe(isReplacedFirst(rules, true));
      const unnamed = await difference(type, other(replacing, 0), other(replacing, 1));
      expect(unnamed.deletebeforereplace).toBe(isReplacedFirst(rules, false));
    });
});
