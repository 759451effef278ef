import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Refusal } from "./refusal.ts";

const apps = ["orders-api", "probe", "secret-rotation"] as const;
type App = (typeof apps)[number] | "dns-switch" | "monitor";

const folderOf = (app: App): string =>
  resolve(import.meta.dirname, `../../../apps/${app}/dist/bundle`);

/** The folder of a function's bundle. Relative to the program, so that the state reads the same on every machine. */
export const bundleOf = (app: App): string => relative(process.cwd(), folderOf(app));

export const bundleRefusals = (stack: string, more: readonly App[] = []): readonly Refusal[] =>
  [...apps, ...more]
    .filter((app) => !existsSync(resolve(folderOf(app), "index.mjs")))
    .map((app) => ({
      key: `apps/${app}`,
      reason: "the function's bundle is missing",
      next: `npx nx bundle ${app} && pulumi up -s ${stack}`,
    }));
