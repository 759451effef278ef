import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { Fault } from "./faults.ts";
import type { LocalCloud } from "./local-cloud.ts";
import type { Notification } from "./notifications.ts";
import { type LossMode, lossModes } from "./outages.ts";
import type { Call } from "./request-log.ts";

/** What a shell inside the cloud may ask of the process that runs it. */
export type ControlRequest =
  | { readonly command: "lose"; readonly region: string; readonly mode: LossMode }
  | { readonly command: "restore"; readonly region: string }
  | { readonly command: "lose-route53"; readonly mode: LossMode }
  | { readonly command: "restore-route53" }
  | { readonly command: "notifications" }
  | { readonly command: "fail"; readonly fault: Fault }
  | { readonly command: "calls"; readonly region?: string; readonly sinceLoss: boolean };

type ControlAnswer =
  | {
      readonly ok: true;
      readonly calls?: readonly Call[];
      readonly notifications?: readonly Notification[];
    }
  | { readonly ok: false; readonly message: string };

/** Over a socket in the cloud's folder, which only its user can enter: no port, no password. */
const socketIn = (folder: string): string => join(folder, "control.sock");

const largestRequestBytes = 64 * 1024;
const answerTimeoutMilliseconds = 60_000;

type Controlled = Pick<
  LocalCloud,
  | "lose"
  | "restore"
  | "loseRoute53ControlPlane"
  | "restoreRoute53ControlPlane"
  | "notifications"
  | "calls"
  | "addFault"
  | "lastLoss"
>;

/** What a question about the past is answered with. */
export interface Asked {
  readonly calls: readonly Call[];
  readonly notifications: readonly Notification[];
}

export async function startControls(folder: string, cloud: Controlled): Promise<AsyncDisposable> {
  const server = createServer((incoming, response) => void answer(cloud, incoming, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketIn(folder), resolve);
  });
  return {
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  cloud: Controlled,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const result = await readText(incoming)
    .then((text) => perform(cloud, JSON.parse(text) as ControlRequest))
    .catch((error: Error): ControlAnswer => ({ ok: false, message: error.message }));
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(result));
}

async function readText(stream: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    text += chunk;
    if (text.length > largestRequestBytes) throw new Error("the request is too large");
  }
  return text;
}

async function perform(cloud: Controlled, asked: ControlRequest): Promise<ControlAnswer> {
  switch (asked.command) {
    case "lose":
      if (!lossModes.includes(asked.mode))
        throw new Error(`--how must be one of ${lossModes.join(", ")}`);
      await cloud.lose(asked.region, asked.mode);
      return { ok: true };
    case "restore":
      await cloud.restore(asked.region);
      return { ok: true };
    case "lose-route53":
      cloud.loseRoute53ControlPlane(asked.mode);
      return { ok: true };
    case "restore-route53":
      cloud.restoreRoute53ControlPlane();
      return { ok: true };
    case "notifications":
      return { ok: true, notifications: cloud.notifications() };
    case "fail":
      cloud.addFault(asked.fault);
      return { ok: true };
    case "calls": {
      if (asked.sinceLoss && cloud.lastLoss === undefined)
        throw new Error("No Region was lost yet, so there is nothing to list since then.");
      return {
        ok: true,
        calls: cloud.calls({
          ...(asked.region !== undefined && { region: asked.region }),
          ...(asked.sinceLoss && cloud.lastLoss !== undefined && { after: cloud.lastLoss }),
        }),
      };
    }
  }
}

/**
 * Asks the process that runs the cloud in `folder`.
 *
 * @throws Error when that cloud has ended or refuses; the message is for people.
 */
export async function askControls(folder: string, asked: ControlRequest): Promise<Asked> {
  const text = await new Promise<string>((resolve, reject) => {
    const outgoing = request(
      {
        socketPath: socketIn(folder),
        method: "POST",
        path: "/",
        timeout: answerTimeoutMilliseconds,
      },
      (response) => {
        let body = "";
        response
          .setEncoding("utf8")
          .on("data", (chunk: string) => {
            body += chunk;
          })
          .on("end", () => resolve(body))
          .on("error", reject);
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error("no answer within 60 s")));
    outgoing.on("error", (cause) =>
      reject(
        new Error(
          `The local cloud in ${folder} does not answer: it has ended, or was killed. Start one with: npm run local-cloud`,
          { cause },
        ),
      ),
    );
    outgoing.end(JSON.stringify(asked));
  });
  const result = JSON.parse(text) as ControlAnswer;
  if (!result.ok) throw new Error(result.message);
  return { calls: result.calls ?? [], notifications: result.notifications ?? [] };
}
