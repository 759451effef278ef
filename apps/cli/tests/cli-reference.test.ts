import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createProgram } from "../src/run.ts";
import { cliReference } from "../tools/cli-reference.ts";
import { fakeTerminal } from "./support/terminal.ts";

const reference = () => cliReference(createProgram(fakeTerminal().terminal, () => {}));

it("is what the document says: `npx nx docs cli` writes it anew", () => {
  const document = readFileSync(new URL("../../../docs/cli.md", import.meta.url), "utf8");
  expect(document).toBe(reference());
});

it("has a section with options for each command that the help shows, and the exit codes", () => {
  const text = reference();
  for (const name of ["status", "preflight", "history", "set-host", "drill"])
    expect(text).toMatch(new RegExp(`^## standby ${name}$`, "m"));
  expect(text).not.toContain("failback");
  expect(text).toMatch(/^\| 130 \| interrupted/m);
});
