import dns, { type LookupAddress, type LookupOptions, promises } from "node:dns";

/**
 * One process of a function: `child.ts <bundle> <target> <address> <warm requests>`. DNS is played, the rest is real. Tells the time
 * from the start of the process to the first answer, and of each request after it.
 */
const [bundle = "", target = "", address = "", count = "0"] = process.argv.slice(2);
promises.resolveCname = async () => [target];
promises.resolve4 = (async () => [address]) as unknown as typeof promises.resolve4;
// What the bare driver asks.
const systemLookup: (name: string, options: LookupOptions, done: Done) => void = dns.lookup;
type Done = (error: Error | null, found: string | LookupAddress[], family?: number) => void;
Object.assign(dns, {
  lookup: (name: string, options: LookupOptions, done: Done) => {
    if (name !== target) systemLookup(name, options, done);
    else if (options.all) done(null, [{ address, family: 4 }]);
    else done(null, address, 4);
  },
});

const event = (method: string, path: string, key?: string) => ({
  version: "2.0",
  rawPath: path,
  rawQueryString: "",
  headers: key === undefined ? {} : { "content-type": "application/json", "idempotency-key": key },
  requestContext: { requestId: "bench", http: { method, path } },
  ...(key === undefined ? {} : { body: '{"customer":"Ada","amountCents":100}' }),
  isBase64Encoded: false,
});

type Handler = (event: object) => Promise<{ readonly statusCode: number }>;

async function timed(handler: Handler, asked: object): Promise<number> {
  const started = performance.now();
  const { statusCode } = await handler(asked);
  if (statusCode > 201) throw new Error(`answered ${statusCode}`);
  return performance.now() - started;
}

// Its own log is part of the work and goes nowhere.
process.stdout.write = () => true;
const { handler } = (await import(bundle)) as { readonly handler: Handler };
await timed(handler, event("GET", "/orders/cold"));
// Since the process began, the start of node included.
const cold = performance.now();
const coldCpu = process.cpuUsage();
const reads: number[] = [];
const writes: number[] = [];
for (let turn = 0; turn < Number(count); turn++) {
  reads.push(await timed(handler, event("GET", "/orders/cold")));
  writes.push(await timed(handler, event("POST", "/orders", `bench-${process.pid}-${turn}`)));
}
const cpuMillis = (coldCpu.user + coldCpu.system) / 1_000;
process.send?.({ cold, cpuMillis, reads, writes }, () => process.exit());
