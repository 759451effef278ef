import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { InvocationContext } from "./invocation-context.ts";

export type Handler = (event: unknown, context: InvocationContext) => unknown;

/** Lambda's order. */
const extensions = [".js", ".mjs", ".cjs"];

/** `<file>.<export>`, both possibly nested. Throws what Lambda's runtime reports for a handler that cannot be loaded. */
export const loadHandler = async (taskFolder: string, handler: string): Promise<Handler> => {
  const [, file, path] = /^((?:.*\/)?[^./]+)\.(.+)$/.exec(handler) ?? [];
  if (file === undefined || path === undefined) {
    throw runtimeError("Runtime.MalformedHandlerName", "Bad handler");
  }
  const extension = extensions.find((each) => existsSync(join(taskFolder, `${file}${each}`)));
  if (extension === undefined) {
    throw runtimeError("Runtime.ImportModuleError", `Error: Cannot find module '${file}'`);
  }
  const url = pathToFileURL(join(taskFolder, `${file}${extension}`)).href;
  const module: unknown = await import(url);
  const found = member(module, path) ?? member(member(module, "default"), path);
  if (typeof found !== "function") {
    throw runtimeError("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  }
  return found as Handler;
};

const member = (value: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (parent, key) =>
        typeof parent === "object" && parent !== null ? Reflect.get(parent, key) : undefined,
      value,
    );

const runtimeError = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name });
