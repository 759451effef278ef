import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { withTables } from "./decision-table.ts";

const document = resolve(import.meta.dirname, "../../../docs/configuration.md");
writeFileSync(document, withTables(readFileSync(document, "utf8")));
