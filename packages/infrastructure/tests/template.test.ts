import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";

const project = parse(readFileSync(new URL("../../../Pulumi.yaml", import.meta.url), "utf8")) as {
  readonly description: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly template: {
    readonly description: string;
    readonly config: Readonly<Record<string, { readonly description?: string }>>;
  };
};

it("asks `pulumi new` for keys that the program has, each with a sentence", () => {
  const { template, config } = project;
  expect(template.description).toBe(project.description);
  for (const [key, { description }] of Object.entries(template.config)) {
    expect(description, key).toBeTruthy();
    if (key.startsWith("standby:"))
      expect(Object.keys(config)).toContain(key.slice("standby:".length));
  }
});
