import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { withTables } from "../tools/decision-table.ts";

const root = resolve(import.meta.dirname, "../../..");
const document = readFileSync(resolve(root, "docs/configuration.md"), "utf8");
const pulumiYaml = readFileSync(resolve(root, "Pulumi.yaml"), "utf8");

describe("docs/configuration.md", () => {
  it("prints the decisions that the program takes (npx nx decision-table infrastructure)", () => {
    expect(withTables(document, pulumiYaml)).toBe(document);
  });

  it("lists every key that the stack files may have, and no other", () => {
    const { config } = parse(pulumiYaml) as { readonly config: object };
    const section = document
      .split("configuration-keys: begin")[1]
      ?.split("configuration-keys: end")[0];
    const listed = [...(section ?? "").matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
    const declared = Object.keys(config).map((key) => key.replace(/^standby:/, ""));
    expect(listed).toEqual(declared.sort((one, other) => one.localeCompare(other)));
  });

  it("is not written without its marks", () => {
    expect(() => withTables("no marks", pulumiYaml)).toThrow("decision-table-recovery");
  });
});
