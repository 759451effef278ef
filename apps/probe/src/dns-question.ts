import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { getServers } from "node:dns";
import { setTimeout as delay } from "node:timers/promises";
import type { ResolveAnswer } from "@standby/topology";
import { decode, encode, RECURSION_DESIRED } from "dns-packet";

const attempts = 3;
const attemptMillis = 1_500;

/** Node's own look-ups tell no TTL of a CNAME, so the question is asked here. UDP may lose it: it is asked again. */
export async function askCname(host: string, signal: AbortSignal): Promise<ResolveAnswer> {
  const [server = ""] = getServers();
  for (let attempt = 1; ; attempt++) {
    const answer = await askOnce(host, server, signal);
    if (answer) return answer;
    if (attempt === attempts)
      throw Object.assign(new Error(`the resolver ${server} did not answer for ${host}`), {
        code: "ETIMEDOUT",
      });
  }
}

async function askOnce(
  host: string,
  server: string,
  signal: AbortSignal,
): Promise<ResolveAnswer | undefined> {
  signal.throwIfAborted();
  const { address, port } = addressOf(server);
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  const done = new AbortController();
  try {
    const id = randomInt(65_536);
    const received = new Promise<ResolveAnswer>((resolve, reject) => {
      socket.on("error", reject);
      socket.on("message", (message) => {
        try {
          const answer = readAnswer(message, id, host);
          if (answer) resolve(answer);
        } catch (error) {
          reject(error);
        }
      });
    });
    const question = { type: "CNAME" as const, name: host };
    socket.send(
      encode({ type: "query", id, flags: RECURSION_DESIRED, questions: [question] }),
      port,
      address,
    );
    const late = delay(attemptMillis, undefined, {
      signal: AbortSignal.any([signal, done.signal]),
    });
    return await Promise.race([received, late]);
  } finally {
    done.abort();
    socket.close();
  }
}

/** `192.0.2.1`, `192.0.2.1:53`, `2001:db8::1` or `[2001:db8::1]:53`, as Node writes them. */
function addressOf(server: string): { readonly address: string; readonly port: number } {
  const [, bracketed, plain, port] =
    /^(?:\[(.+)\]|([^:]+|.*:.*:.*))(?::(\d+))?$/.exec(server) ?? [];
  return { address: bracketed ?? plain ?? server, port: Number(port ?? 53) };
}

const failures = new Map([
  ["SERVFAIL", "cannot answer"],
  ["REFUSED", "refuses to answer"],
]);

/** Undefined: an answer to somebody else. */
function readAnswer(message: Buffer, id: number, host: string): ResolveAnswer | undefined {
  const packet = decode(message);
  if (packet.id !== id || packet.type !== "response") return undefined;
  const { rcode } = packet as { readonly rcode?: string };
  const failure = failures.get(rcode ?? "");
  if (failure !== undefined) throw new Error(`the resolver ${failure} for ${host} (${rcode})`);
  const record = packet.answers?.find(
    (each) => each.type === "CNAME" && each.name.toLowerCase() === host.toLowerCase(),
  );
  if (record?.type !== "CNAME") return { target: undefined, ttlSeconds: undefined };
  return { target: record.data.toLowerCase().replace(/\.$/, ""), ttlSeconds: record.ttl };
}
