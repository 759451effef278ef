import { type Subject, subjects } from "./readers.ts";

/** The child process of one measurement: `measure.ts <task> <subject>`, parent and child speak by messages. */
const tell = (message: object): void => {
  process.send?.(message);
};
const go = () => new Promise((resolve) => process.once("message", resolve));

/** The best of many short blocks counts: whatever else the machine does makes a rate worse and never better. */
const blocks = 10;

const tasks: Readonly<Record<string, (name: string) => Promise<object>>> = {
  async get(name) {
    const subject = await open(name, 300_000);
    const rounds = name === "middy" ? 20_000 : 200_000;
    let least = Number.POSITIVE_INFINITY;
    for (let block = 0; block < blocks; block++) {
      const started = performance.now();
      await getTimes(subject, rounds);
      least = Math.min(least, performance.now() - started);
    }
    return { perSecond: (rounds / least) * 1_000 };
  },

  async peek(name) {
    const { peek } = await open(name, 300_000);
    if (!peek) throw new Error(`${name} has no peek`);
    const rounds = 500_000;
    let least = Number.POSITIVE_INFINITY;
    for (let block = 0; block < blocks; block++) {
      const started = performance.now();
      for (let round = 0; round < rounds; round++) peek("secret-0");
      least = Math.min(least, performance.now() - started);
    }
    return { perSecond: (rounds / least) * 1_000 };
  },

  async heap(name) {
    const subject = await open(name, 300_000);
    const hundred = (from: number) =>
      Promise.all(Array.from({ length: 100 }, (_, index) => subject.get(`secret-${from + index}`)));
    // The SDK's code and its fifty sockets are there once, however many secrets there are.
    for (let secret = 10_001; secret <= 11_000; secret += 100) await hundred(secret);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let secret = 1; secret <= 10_000; secret += 100) await hundred(secret);
    await new Promise((resolve) => setTimeout(resolve, 100));
    globalThis.gc?.();
    const megabytes = (process.memoryUsage().heapUsed - before) / 1e6;
    await subject.get("secret-1");
    return { megabytes };
  },

  first: (name) => firstGets(name, 1_000),

  one: (name) => firstGets(name, 1),

  /** The first get while the endpoint is silent. */
  async silent(name) {
    const subject = await make(name, 300_000);
    const started = performance.now();
    const cap = new Promise((resolve) => setTimeout(() => resolve("hangs"), 6_000));
    const outcome = await Promise.race([subject.get("secret-0").catch(() => "error"), cap]);
    return { outcome, milliseconds: performance.now() - started };
  },

  async outage(name) {
    const subject = await open(name, 1_000);
    tell({ ready: true });
    await go();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const started = performance.now();
    const cap = new Promise((resolve) => setTimeout(() => resolve("hangs"), 6_000));
    const got = subject.get("secret-0").then(
      () => "served",
      () => "error",
    );
    const outcome = await Promise.race([got, cap]);
    return { outcome, milliseconds: performance.now() - started };
  },
};

const unknownSubject = (name: string): never => {
  throw new Error(`no subject ${name}`);
};

const make = (name: string, timeToLiveMillis: number): Promise<Subject> =>
  (subjects[name] ?? unknownSubject(name))({ timeToLiveMillis });

async function open(name: string, timeToLiveMillis: number): Promise<Subject> {
  const subject = await make(name, timeToLiveMillis);
  await subject.get("secret-0");
  return subject;
}

async function firstGets(name: string, count: number): Promise<{ milliseconds: number }> {
  const subject = await make(name, 300_000);
  tell({ ready: true });
  await go();
  const started = performance.now();
  await Promise.all(Array.from({ length: count }, () => subject.get("secret-0")));
  return { milliseconds: performance.now() - started };
}

async function getTimes(subject: Subject, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) await subject.get("secret-0");
}

const [task = "", name = ""] = process.argv.slice(2);
const result = await (tasks[task]?.(name) ?? unknownSubject(task));
tell({ result });
process.disconnect();
process.exit();
