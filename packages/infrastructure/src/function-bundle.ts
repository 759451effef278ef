import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Refusal } from "./refusal.ts";

const bundle = resolve(import.meta.dirname, "../../../apps/orders-api/dist/bundle");

/** The folder of the orders API's bundle. Relative to the program, so that the state reads the same on every machine. */
export const ordersApiBundle = (): string => relative(process.cwd(), bundle);

export const bundleRefusals = (stack: string): readonly Refusal[] =>
  existsSync(resolve(bundle, "index.mjs"))
    ? []
    : [
        {
          key: "apps/orders-api",
          reason: "the function's bundle is missing",
          next: `npx nx bundle orders-api && pulumi up -s ${stack}`,
        },
      ];
