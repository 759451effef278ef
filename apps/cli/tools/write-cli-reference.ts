import { writeFile } from "node:fs/promises";
import { createProgram } from "../src/run.ts";
import { cliReference } from "./cli-reference.ts";

const { stdout, stderr } = process;
const program = createProgram({ stdout, stderr, signal: new AbortController().signal }, () => {});
await writeFile(new URL("../../../docs/cli.md", import.meta.url), cliReference(program));
