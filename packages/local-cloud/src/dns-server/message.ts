import { isIPv4 } from "node:net";
import * as packet from "dns-packet";
import type { DnsRecord } from "../data-planes.ts";
import { type Resolution, type ResolverOptions, type ResponseCode, resolve } from "./resolution.ts";

const responseCodes: Readonly<Record<ResponseCode | "NOTIMP" | "FORMERR", number>> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
};

const opcodeOf = (flags: number) => (flags >> 11) & 0xf;
const smallestUdpPayload = 512;
const ownUdpPayload = 1232;

/** The response to a query in wire format; undefined for what is no query at all, which is dropped. */
export const answerDnsMessage = (
  message: Buffer,
  options: ResolverOptions,
  protocol: "udp" | "tcp",
): Buffer | undefined => {
  const query = attempt(() => packet.decode(message));
  if (query?.type !== "query") return undefined;
  // A mistake of an authority is a server failure to the client: never a crash, never a silence.
  const whole =
    attempt(() => packet.encode(answer(query, options))) ??
    attempt(() => packet.encode(answerFrame(query, "SERVFAIL")));
  if (!whole || protocol === "tcp" || whole.length <= udpPayloadOf(query)) return whole;
  return packet.encode(answerFrame(query, "NOERROR", packet.TRUNCATED_RESPONSE));
};

const attempt = <Value>(work: () => Value): Value | undefined => {
  try {
    return work();
  } catch {
    return undefined;
  }
};

const answer = (query: packet.DecodedPacket, options: ResolverOptions): packet.Packet => {
  const [question, ...others] = query.questions ?? [];
  if (!question || others.length > 0) return answerFrame(query, "FORMERR");
  if (opcodeOf(query.flags ?? 0) !== 0) return answerFrame(query, "NOTIMP");
  if (question.class !== "IN") return answerFrame(query, "REFUSED");
  return answerQuestion(query, question, resolve(question.name, question.type, options));
};

const answerQuestion = (
  query: packet.DecodedPacket,
  question: packet.Question,
  resolution: Resolution,
): packet.Packet => {
  // RFC 1035: the first owner name comes back as it was asked, in the client's spelling.
  const answers = resolution.answers.map((record, index) =>
    toAnswer(index === 0 ? { ...record, name: question.name } : record),
  );
  return {
    ...answerFrame(query, resolution.code, packet.AUTHORITATIVE_ANSWER),
    answers,
    ...(resolution.soa && { authorities: [toAnswer(resolution.soa)] }),
  };
};

const answerFrame = (
  query: packet.DecodedPacket,
  code: keyof typeof responseCodes,
  further = 0,
): packet.Packet => ({
  type: "response",
  id: query.id,
  flags:
    packet.RECURSION_AVAILABLE |
    ((query.flags ?? 0) & packet.RECURSION_DESIRED) |
    further |
    responseCodes[code],
  questions: query.questions ?? [],
  additionals: extensionOf(query) ? [ownExtension] : [],
});

const ownExtension: packet.OptAnswer = {
  type: "OPT",
  name: ".",
  udpPayloadSize: ownUdpPayload,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

const extensionOf = (query: packet.DecodedPacket): packet.OptAnswer | undefined =>
  query.additionals?.find((record): record is packet.OptAnswer => record.type === "OPT");

const udpPayloadOf = (query: packet.DecodedPacket): number =>
  Math.min(
    ownUdpPayload,
    Math.max(smallestUdpPayload, extensionOf(query)?.udpPayloadSize ?? smallestUdpPayload),
  );

const toAnswer = (record: DnsRecord): packet.Answer => {
  const { name, ttlSeconds: ttl, type, data } = record;
  switch (type) {
    case "SOA":
      return { name, ttl, type, data: soaData(data) };
    case "TXT":
      return { name, ttl, type, data: characterStrings(data) };
    case "A":
      if (!isIPv4(data)) throw new TypeError(`The A record of ${name} has no IPv4 address.`);
      return { name, ttl, type, data };
    default:
      return { name, ttl, type, data: checkedName(data) };
  }
};

/** dns-packet writes a label of any length, and clients cannot read the message then. */
const checkedName = (name: string): string => {
  const labels = name.replace(/\.$/, "").split(".");
  const sound = name.length <= 254 && labels.every((label) => /^.{1,63}$/.test(label));
  if (!sound) throw new TypeError(`A record's data is no domain name (${name.length} characters).`);
  return name;
};

const soaData = (text: string): packet.SoaData => {
  const [mname = "", rname = "", ...numbers] = text.trim().split(/\s+/);
  const [serial, refresh, retry, expire, minimum] = numbers.map(Number);
  return { mname, rname, serial, refresh, retry, expire, minimum };
};

/** A TXT record's text travels in pieces of at most 255 bytes. */
const characterStrings = (text: string): Buffer[] => {
  const bytes = Buffer.from(text);
  const count = Math.max(1, Math.ceil(bytes.length / 255));
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * 255, (index + 1) * 255),
  );
};
