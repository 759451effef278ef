import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCertificateAuthority } from "../src/certificates.ts";
import type { FunctionRuntime } from "../src/data-planes.ts";
import { type DnsServer, startDnsServer } from "../src/dns-server.ts";
import { BundleError, createFunctionRuntime, EnvironmentsLostError } from "../src/functions.ts";

const east = "us-east-1";
const bundle = (source: string, name = "index.mjs") => zipSync({ [name]: strToU8(source) });

const kinds = `
import { appendFileSync } from "node:fs";
let calls = 0;
export const handler = async (event, context) => {
  calls += 1;
  switch (event.kind) {
    case "echo": return { event, pid: process.pid, calls };
    case "variables": return process.env;
    case "context": return { ...context, remaining: context.getRemainingTimeInMillis() };
    case "print": console.log(event.text); console.error("to stderr"); return null;
    case "throw": throw new RangeError("too much");
    case "throw text": throw "just text";
    case "exit": console.log("about to exit"); return process.exit(event.code);
    case "lose an error": setTimeout(() => { throw new TypeError("nobody catches this"); }); return new Promise(() => {});
    case "lose a promise": Promise.reject(new TypeError("nobody awaits this")); return new Promise(() => {});
    case "hang": if (event.file) appendFileSync(event.file, process.pid + "\\n"); return new Promise(() => {});
    case "work": await new Promise((done) => setTimeout(done, event.milliseconds)); return process.pid;
    case "tick": setInterval(() => appendFileSync(event.file, "."), 5); return process.pid;
  }
};`;

describe("functions", () => {
  let folder: string;
  let caFile: string;
  let dnsServer: DnsServer;
  let runtime: FunctionRuntime;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "standby-functions-"));
    ({ caFile } = await createCertificateAuthority({ folder: join(folder, "certificates") }));
    dnsServer = await startDnsServer({
      authorities: [
        {
          lookUp: (name) => {
            if (!name.endsWith(".internal")) return undefined;
            const soa = {
              name: "internal",
              type: "SOA",
              ttlSeconds: 5,
              data: "a b 1 1 1 1 5",
            } as const;
            const records =
              name === "db.internal"
                ? [{ name, type: "A", ttlSeconds: 5, data: "127.64.0.9" } as const]
                : [];
            return { exists: records.length > 0, records, soa };
          },
        },
      ],
      maximumTtlSeconds: undefined,
    });
    runtime = createFunctionRuntime({
      folder: join(folder, "functions"),
      dnsServer,
      caFile,
      maximumEnvironments: 3,
    });
  });
  afterEach(async () => {
    await runtime.close();
    await dnsServer.close();
    await rm(folder, { recursive: true, force: true });
  });

  const deploy = (
    archive = bundle(kinds),
    further: { timeoutSeconds?: number; handler?: string; name?: string } = {},
  ) =>
    runtime.deploy({
      region: east,
      name: "orders",
      archive,
      handler: "index.handler",
      environment: { SECRET_NAME: "orders/database", AWS_REGION: east },
      timeoutSeconds: 5,
      ...further,
    });

  const invoke = async (event: unknown, signal = AbortSignal.timeout(15_000), name = "orders") => {
    const payload = Buffer.from(JSON.stringify(event));
    const result = await runtime.invoke(east, name, payload, signal);
    return { ...result, payload: JSON.parse(Buffer.from(result.payload).toString()) };
  };

  const stateOf = async (pid: number) =>
    /^State:\s+(\S)/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];

  const alive = (pid: number) => existsSync(`/proc/${pid}`);

  const eventually = async <Value>(look: () => Promise<Value | undefined>): Promise<Value> => {
    const end = Date.now() + 5000;
    for (;;) {
      const value = await look().catch(() => undefined);
      if (value !== undefined) return value;
      if (Date.now() > end) throw new Error("It did not come about within 5 s.");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };

  it("gives the event to the handler and its answer back", async () => {
    await deploy();
    const result = await invoke({ kind: "echo", text: "Grüße" });
    expect(result.functionError).toBeUndefined();
    expect(result.payload).toMatchObject({ event: { text: "Grüße" }, calls: 1 });
  });

  it("answers null for a handler that returns nothing", async () => {
    await deploy(bundle("export const handler = async () => {};"));
    expect((await invoke({})).payload).toBeNull();
  });

  it("shows the function nothing of this process's environment", async () => {
    await deploy();
    const { payload } = await invoke({ kind: "variables" });
    expect(Object.keys(payload).sort()).toEqual(
      [
        "AWS_REGION",
        "LAMBDA_TASK_ROOT",
        "NODE_EXTRA_CA_CERTS",
        "PATH",
        "PWD",
        "SECRET_NAME",
        "TZ",
        "_HANDLER",
      ].sort(),
    );
    expect(payload.NODE_EXTRA_CA_CERTS).toBe(caFile);
  });

  it("gives the handler Lambda's context", async () => {
    await deploy();
    const { payload } = await invoke({ kind: "context" });
    expect(payload).toMatchObject({
      functionName: "orders",
      functionVersion: "$LATEST",
      invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:orders",
    });
    expect(payload.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(payload.remaining).toBeGreaterThan(4000);
    expect(payload.remaining).toBeLessThanOrEqual(5000);
  });

  it("runs CommonJS bundles and nested handler names", async () => {
    await deploy(bundle("module.exports.orders = { read: async () => 'read' };", "src/index.cjs"), {
      handler: "src/index.orders.read",
    });
    expect((await invoke({})).payload).toBe("read");
  });

  it("keeps what one invocation printed, its last 4 KB", async () => {
    await deploy();
    const first = await invoke({ kind: "print", text: "first" });
    expect(first.logTail).toContain("first\n");
    expect(first.logTail).toContain("to stderr\n");
    const second = await invoke({ kind: "print", text: `${"x".repeat(5000)} end` });
    expect(second.logTail).not.toContain("first");
    expect(second.logTail).toContain(" end");
    expect(second.logTail.length).toBeLessThanOrEqual(4096);
    const log = await readFile(join(folder, "functions", "function-1.log"), "utf8");
    expect(log).toContain("first\n");
    expect(log.length).toBeGreaterThan(4096);
  });

  it("answers with the error that the handler threw and keeps the environment", async () => {
    await deploy();
    const { payload: before } = await invoke({ kind: "echo" });
    const thrown = await invoke({ kind: "throw" });
    expect(thrown.functionError).toBe("Unhandled");
    expect(thrown.payload).toMatchObject({ errorType: "RangeError", errorMessage: "too much" });
    expect(thrown.payload.trace[0]).toBe("RangeError: too much");
    expect((await invoke({ kind: "throw text" })).payload).toMatchObject({
      errorType: "string",
      errorMessage: "just text",
    });
    expect((await invoke({ kind: "echo" })).payload).toMatchObject({ pid: before.pid, calls: 4 });
  });

  it.each([
    ["lose an error", "TypeError", "nobody catches this"],
    ["lose a promise", "Runtime.UnhandledPromiseRejection", "nobody awaits this"],
  ])(
    "answers with the error and ends the environment when handlers %s",
    async (kind, errorType, errorMessage) => {
      await deploy();
      const { payload: before } = await invoke({ kind: "echo" });
      const failed = await invoke({ kind });
      expect(failed).toMatchObject({
        functionError: "Unhandled",
        payload: { errorType, errorMessage },
      });
      expect(alive(before.pid)).toBe(false);
      expect((await invoke({ kind: "echo" })).payload).toMatchObject({ calls: 1 });
    },
  );

  it.each([
    [3, "Runtime exited with error: exit status 3"],
    [0, "Runtime exited without providing a reason"],
  ])("reports a process that exits with %i", async (code, text) => {
    await deploy();
    const { payload, functionError, logTail } = await invoke({ kind: "exit", code });
    expect(functionError).toBe("Unhandled");
    expect(payload.errorType).toBe("Runtime.ExitError");
    expect(payload.errorMessage).toContain(text);
    expect(logTail).toContain("about to exit");
    expect((await invoke({ kind: "echo" })).payload.calls).toBe(1);
  });

  it("kills the environment of an invocation that takes too long", async () => {
    await deploy(undefined, { timeoutSeconds: 0.4 });
    const { payload: before } = await invoke({ kind: "echo" });
    const late = await invoke({ kind: "hang" });
    expect(late.functionError).toBe("Unhandled");
    expect(late.payload.errorMessage).toMatch(/Task timed out after 0\.40 seconds$/);
    expect(alive(before.pid)).toBe(false);
  });

  it.each([
    ["throw new SyntaxError('no start')", "index.handler", "SyntaxError", "no start"],
    [
      "export const other = 1;",
      "index.handler",
      "Runtime.HandlerNotFound",
      "index.handler is undefined or not exported",
    ],
    ["", "missing.handler", "Runtime.ImportModuleError", "Error: Cannot find module 'missing'"],
    ["", "index", "Runtime.MalformedHandlerName", "Bad handler"],
    ["process.exit(7)", "index.handler", "Runtime.ExitError", "exit status 7"],
  ])("answers a start that fails: %s, %s", async (source, handler, errorType, text) => {
    await deploy(bundle(source), { handler });
    const failed = await invoke({});
    expect(failed.functionError).toBe("Unhandled");
    expect(failed.payload.errorType).toBe(errorType);
    expect(failed.payload.errorMessage).toContain(text);
  });

  it("freezes an environment between invocations", async () => {
    await deploy();
    const file = join(folder, "ticks");
    const { payload: pid } = await invoke({ kind: "tick", file });
    await eventually(async () => ((await stateOf(pid)) === "T" ? true : undefined));
    const ticks = await readFile(file, "utf8").catch(() => "");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await readFile(file, "utf8").catch(() => "")).toBe(ticks);
    // Awake again, and with its state, for the next one.
    expect((await invoke({ kind: "echo" })).payload).toMatchObject({ pid, calls: 2 });
  });

  it("starts environments while all are busy, up to the limit, and lets the rest wait", async () => {
    await deploy();
    const results = await Promise.all(
      Array.from({ length: 9 }, () => invoke({ kind: "work", milliseconds: 50 })),
    );
    expect(results.every((each) => each.functionError === undefined)).toBe(true);
    const pids = new Set(results.map((each) => each.payload));
    expect(pids.size).toBeGreaterThan(1);
    expect(pids.size).toBeLessThanOrEqual(3);
  });

  it("uses one environment for invocations that follow each other", async () => {
    await deploy();
    const pids = new Set<number>();
    for (let count = 0; count < 20; count++) pids.add((await invoke({ kind: "echo" })).payload.pid);
    expect(pids.size).toBe(1);
  });

  it("runs new code after a deployment and ends the old environments", async () => {
    await deploy();
    const { payload } = await invoke({ kind: "echo" });
    const running = invoke({ kind: "work", milliseconds: 200 });
    await deploy(bundle("export const handler = async () => 'new';"));
    expect((await invoke({})).payload).toBe("new");
    expect((await running).functionError).toBeUndefined();
    await eventually(async () => (alive(payload.pid) ? undefined : true));
  });

  it("resolves every name by the local DNS server, never by this machine's", async () => {
    await deploy(
      bundle(`
      import { lookup } from "node:dns/promises";
      import dns from "node:dns";
      const failure = (error) => error.code;
      export const handler = async () => ({
        one: await lookup("db.internal"),
        all: await lookup("db.internal", { all: true }),
        resolved: await dns.promises.resolve4("db.internal"),
        missing: await lookup("nobody.internal").catch(failure),
        outside: await lookup("example.com").catch(failure),
        local: (await lookup("localhost", 4)).address,
        address: (await lookup("127.0.0.5")).address,
        callback: await new Promise((done) => dns.lookup("db.internal", (error, ...rest) => done([error, ...rest]))),
      });`),
    );
    expect((await invoke({})).payload).toEqual({
      one: { address: "127.64.0.9", family: 4 },
      all: [{ address: "127.64.0.9", family: 4 }],
      resolved: ["127.64.0.9"],
      missing: "ENOTFOUND",
      outside: "EAI_AGAIN",
      local: "127.0.0.1",
      address: "127.0.0.5",
      callback: [null, "127.64.0.9", 4],
    });
  });

  it("trusts the local authority with the defaults of the production code", async () => {
    await deploy(
      bundle(`import tls from "node:tls";
      export const handler = async () => tls.getCACertificates("extra").length;`),
    );
    expect((await invoke({})).payload).toBe(1);
  });

  it("never answers from a lost Region, kills its environments at once, and starts new ones after its return", async () => {
    await deploy();
    const file = join(folder, "hanging");
    const idle = (await invoke({ kind: "echo" })).payload.pid;
    const gone = new AbortController();
    const pending = invoke({ kind: "hang", file }, gone.signal);
    await eventually(async () => (await readFile(file, "utf8")) || undefined);
    let answered = false;
    const settled = pending.then(
      () => {
        answered = true;
      },
      () => {
        answered = true;
      },
    );

    await runtime.followOutage(east, "hang");
    expect(alive(idle)).toBe(false);
    const late = invoke({ kind: "echo" }, AbortSignal.timeout(100));
    await expect(late).rejects.toMatchObject({ name: "TimeoutError" });
    expect(answered).toBe(false);
    gone.abort(new Error("the caller gave up"));
    await expect(pending).rejects.toThrow("the caller gave up");
    await settled;

    const waiting = invoke({ kind: "echo" });
    await runtime.followOutage(east, undefined);
    await expect(waiting).rejects.toBeInstanceOf(EnvironmentsLostError);
    const after = (await invoke({ kind: "echo" })).payload;
    expect(after.calls).toBe(1);
    expect(after.pid).not.toBe(idle);
  });

  it("leaves the functions of other Regions alone when one is lost", async () => {
    await deploy();
    await runtime.followOutage("us-west-2", "refuse");
    expect((await invoke({ kind: "echo" })).functionError).toBeUndefined();
  });

  it("survives a loss in the middle of a start", async () => {
    await deploy();
    const pending = invoke({ kind: "echo" }, AbortSignal.timeout(300));
    await runtime.followOutage(east, "5xx");
    await expect(pending).rejects.toMatchObject({ name: "TimeoutError" });
    await runtime.followOutage(east, undefined);
    expect((await invoke({ kind: "echo" })).payload.calls).toBe(1);
  });

  it("lets a caller leave without stopping the run", async () => {
    await deploy();
    const { payload } = await invoke({ kind: "echo" });
    const leaving = invoke({ kind: "work", milliseconds: 100 }, AbortSignal.timeout(20));
    await expect(leaving).rejects.toMatchObject({ name: "TimeoutError" });
    await eventually(async () => ((await stateOf(payload.pid)) === "T" ? true : undefined));
    expect((await invoke({ kind: "echo" })).payload.calls).toBe(3);
  });

  it("refuses archives that are no zip or lead out of their folder", async () => {
    await expect(deploy(Buffer.from("no zip"))).rejects.toBeInstanceOf(BundleError);
    await expect(deploy(bundle("", "../../evil.mjs"))).rejects.toBeInstanceOf(BundleError);
    expect(existsSync(join(folder, "evil.mjs"))).toBe(false);
  });

  it("does not know functions that were removed or never deployed", async () => {
    await deploy();
    const { payload } = await invoke({ kind: "echo" });
    await runtime.remove(east, "orders");
    await expect(invoke({ kind: "echo" })).rejects.toThrow("No function orders is deployed");
    expect(alive(payload.pid)).toBe(false);
  });

  it("leaves no process and no file when closed, while invocations run and start", async () => {
    await deploy();
    const idle = (await invoke({ kind: "echo" })).payload.pid;
    const pending = [invoke({ kind: "hang" }), invoke({ kind: "echo" }), invoke({ kind: "hang" })];
    const outcomes = Promise.allSettled(pending);
    await runtime.close();
    expect(alive(idle)).toBe(false);
    expect(existsSync(join(folder, "functions"))).toBe(false);
    for (const outcome of await outcomes) expect(outcome.status).toBe("rejected");
  });
});
