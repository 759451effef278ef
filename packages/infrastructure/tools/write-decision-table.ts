import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { withTables } from "./decision-table.ts";

const root = resolve(import.meta.dirname, "../../..");
const document = resolve(root, "docs/configuration.md");
const pulumiYaml = readFileSync(resolve(root, "Pulumi.yaml"), "utf8");
writeFileSync(document, withTables(readFileSync(document, "utf8"), pulumiYaml));
