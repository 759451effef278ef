import { createSocket, type Socket } from "node:dgram";
import { decode, encode, type Packet } from "dns-packet";
import { afterEach, expect, it } from "vitest";
import { type Answer, askCname, watchCname } from "../src/dns-watch.ts";

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** Answers each question with what `reply` returns, or not at all. */
async function nameServer(reply: (name: string, id: number) => Packet | undefined) {
  const socket = createSocket("udp4");
  sockets.push(socket);
  socket.on("message", (message, peer) => {
    const question = decode(message);
    const answer = reply(question.questions?.[0]?.name ?? "", question.id ?? 0);
    if (answer) socket.send(encode(answer), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { address: "127.0.0.1", port: socket.address().port };
}

const cname =
  (target: string) =>
  (name: string, id: number): Packet => ({
    type: "response",
    id,
    answers: [{ type: "CNAME", name, ttl: 30, data: target }],
  });

const ask = (server: { address: string; port: number }) =>
  askCname(server, "db.orders.internal", AbortSignal.timeout(5000));

it("reads the target and its TTL", async () => {
  const server = await nameServer(cname("west.example."));
  expect(await ask(server)).toEqual({ value: "west.example", resolved: true, ttlSeconds: 30 });
});

it.each([
  [3, "NXDOMAIN"],
  [2, "SERVFAIL"],
])("names response code %i %s", async (code, value) => {
  const server = await nameServer((_name, id) => ({ type: "response", id, flags: code }));
  expect(await ask(server)).toEqual({ value, resolved: false, ttlSeconds: undefined });
});

it("does not take an empty answer for a target", async () => {
  const server = await nameServer((_name, id) => ({ type: "response", id }));
  expect(await ask(server)).toMatchObject({ value: "NODATA", resolved: false });
});

it("ignores an answer to another question", async () => {
  const server = await nameServer((name, id) => cname("wrong.example")(name, (id + 1) % 65_536));
  const asking = askCname(server, "db.orders.internal", AbortSignal.timeout(100));
  await expect(asking).rejects.toThrow();
});

it("asks a second time when a datagram is lost", async () => {
  let questions = 0;
  const server = await nameServer((name, id) => {
    questions += 1;
    return questions === 1 ? undefined : cname("west.example")(name, id);
  });
  const answers: Answer[] = [];
  const watch = watchCname(server, "db.orders.internal", answers, 10);
  await expect.poll(() => answers.length, { timeout: 5000 }).toBeGreaterThan(1);
  await watch.stop();
  expect(answers.every((answer) => answer.value === "west.example")).toBe(true);
});

it("notes each answer with its time until it is stopped", async () => {
  let target = "east.example";
  const server = await nameServer((name, id) => cname(target)(name, id));
  const answers: Answer[] = [];
  const begin = Date.now();
  const watch = watchCname(server, "db.orders.internal", answers, 5);
  await expect.poll(() => answers.length).toBeGreaterThan(1);
  target = "west.example";
  await expect.poll(() => answers.at(-1)?.value).toBe("west.example");
  await watch.stop();
  const asked = answers.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(answers).toHaveLength(asked);
  expect(answers[0]).toMatchObject({ value: "east.example" });
  expect(answers[0]?.at).toBeGreaterThanOrEqual(begin);
});
