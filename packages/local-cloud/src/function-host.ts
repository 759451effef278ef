import { functionAddress } from "./function-address.ts";
import { useDnsServer } from "./function-host/dns.ts";
import { errorBody } from "./function-host/error-body.ts";
import { type Handler, loadHandler } from "./function-host/handler.ts";
import { invocationContext } from "./function-host/invocation-context.ts";
import { callFrom } from "./function-host/source-address.ts";
import type { FromHost, InvokeMessage, StartMessage, ToHost } from "./functions/messages.ts";

/** The program inside a function's child process: what Lambda's runtime is around a handler. */

const channel = process.send?.bind(process);
if (!channel)
  throw new Error("This program is started by the local cloud, as the process of a function.");
// A bundle that looks for a parent process finds none, as on Lambda.
delete process.send;

const answer = (message: FromHost, then: () => void = () => {}) => {
  channel(message, undefined, undefined, then);
};

let handler: Handler | undefined;

const start = async (message: StartMessage) => {
  try {
    useDnsServer(message.dnsServer);
    callFrom(functionAddress);
    handler = await loadHandler(message.taskFolder, message.handler);
    answer({ kind: "ready" });
  } catch (error) {
    answer({ kind: "failed", error: errorBody(error), fatal: true });
  }
};

const invoke = async (message: InvokeMessage) => {
  try {
    const value = await handler?.(JSON.parse(message.event), invocationContext(message));
    answer({ kind: "answered", payload: JSON.stringify(value) ?? "null" });
  } catch (error) {
    answer({ kind: "failed", error: errorBody(error), fatal: false });
  }
};

/** Lambda ends an environment whose code lost an error; the invocation that runs is answered with it. */
const endWith = (errorType: string | undefined) => (error: unknown) => {
  const body = { ...errorBody(error), ...(errorType !== undefined && { errorType }) };
  answer({ kind: "failed", error: body, fatal: true }, () => process.exit(128));
};
process.on("uncaughtException", endWith(undefined));
process.on("unhandledRejection", endWith("Runtime.UnhandledPromiseRejection"));
process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToHost) => {
  void (message.kind === "start" ? start(message) : invoke(message));
});
