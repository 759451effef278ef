import { createSocket } from "node:dgram";
import { decode, encode } from "dns-packet";
import { pause, withDeadline } from "./deadline.ts";

/** What the name server said about the CNAME at one moment. */
export interface Answer {
  /** When the answer came, milliseconds since the epoch. */
  readonly at: number;
  /** The target without a trailing dot, or why there is none: NXDOMAIN, SERVFAIL, NODATA, TIMEOUT. */
  readonly value: string;
  readonly resolved: boolean;
  readonly ttlSeconds: number | undefined;
}

export interface NameServer {
  readonly address: string;
  readonly port: number;
}

/** Node's own resolver hides a CNAME's TTL and caches; a question of our own does neither. */
export async function askCname(
  server: NameServer,
  name: string,
  signal: AbortSignal,
): Promise<Omit<Answer, "at">> {
  const id = Math.floor(Math.random() * 65_536);
  const socket = createSocket("udp4");
  try {
    return await new Promise((resolve, reject) => {
      const onAbort = () => reject(signal.reason);
      if (signal.aborted) return onAbort();
      signal.addEventListener("abort", onAbort, { once: true });
      socket.on("error", reject);
      socket.on("message", (message) => {
        const answer = readAnswer(message, id, name);
        if (answer) resolve(answer);
      });
      const question = encode({
        type: "query",
        id,
        flags: 0x0100,
        questions: [{ type: "CNAME", name }],
      });
      socket.send(question, server.port, server.address, (error) => error && reject(error));
    });
  } finally {
    socket.close();
  }
}

/** Undefined for a message that answers somebody else's question. */
function readAnswer(message: Buffer, id: number, name: string): Omit<Answer, "at"> | undefined {
  const packet = decode(message);
  if (packet.id !== id) return undefined;
  // The type declarations leave out the response code that `decode` sets.
  const code = "rcode" in packet ? String(packet.rcode) : "NOERROR";
  if (code !== "NOERROR") return { value: code, resolved: false, ttlSeconds: undefined };
  for (const record of packet.answers ?? [])
    if (record.type === "CNAME" && record.name.toLowerCase() === name.toLowerCase())
      return {
        value: record.data.replace(/\.$/, ""),
        resolved: true,
        ttlSeconds: record.ttl,
      };
  return { value: "NODATA", resolved: false, ttlSeconds: undefined };
}

/** One try and one repetition, as stub resolvers do: a lost datagram is no failure of the name. */
async function askAsResolversDo(
  server: NameServer,
  name: string,
  signal: AbortSignal,
): Promise<Answer> {
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      const answer = await withDeadline("the DNS question", 2, signal, (both) =>
        askCname(server, name, both),
      );
      return { at: Date.now(), ...answer };
    } catch (error) {
      if (signal.aborted) throw error;
    }
  }
  return { at: Date.now(), value: "TIMEOUT", resolved: false, ttlSeconds: undefined };
}

export interface DnsWatch {
  /** Asks no more. */
  stop(): Promise<void>;
}

/** Asks for the CNAME every `intervalMilliseconds` and adds what it hears to `answers`, until stopped. */
export function watchCname(
  server: NameServer,
  name: string,
  answers: Answer[],
  intervalMilliseconds = 200,
): DnsWatch {
  const ending = new AbortController();
  const watching = (async () => {
    while (!ending.signal.aborted) {
      try {
        answers.push(await askAsResolversDo(server, name, ending.signal));
      } catch {
        return;
      }
      await pause(intervalMilliseconds, ending.signal);
    }
  })();
  return {
    stop: () => {
      ending.abort();
      return watching;
    },
  };
}
