import { createSocket } from "node:dgram";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Call, dialsOf, type LocalCloud, operator, workload } from "@standby/local-cloud";
import { MetricStore, RolePolicies } from "@standby/local-cloud/testing";
import { decode, encode } from "dns-packet";
import {
  primaryAddress,
  primaryRegion,
  recoveryAddress,
  recoveryRegion,
  stackOutputs,
} from "./good-evidence.ts";

/** What a test breaks. */
export interface Misbehaviour {
  /** The engine's command that fails: its words, joined, contain this. */
  readonly engineFailsOn?: string;
  /** The record is moved before the promotion. */
  readonly recordFirst?: boolean;
  /** Writes that the recovery Region's database forgets. */
  readonly forgetsEveryNthWrite?: number;
  /** The recovery Region's application uses the primary Region's copy of the secret. */
  readonly usesForeignSecret?: boolean;
  /** The lost Region's APIs are asked during the failover. */
  readonly asksLostRegion?: boolean;
  /** Another up always changes something. */
  readonly neverSettles?: boolean;
  /** The recovery Region's application never answers writes after the loss. */
  readonly neverTakesOver?: boolean;
}

/** Just enough of a local cloud for the story: functions, a name server, and an engine that is a script. */
export class FakeCloud {
  readonly orders = new Map<string, string>();
  readonly #calls: Call[] = [];
  readonly #misbehaviour: Misbehaviour;
  #created = 0;
  lost = false;
  lossSequence: number | undefined;
  closed = 0;
  target = primaryAddress;
  promoted = false;
  flag = false;

  constructor(misbehaviour: Misbehaviour) {
    this.#misbehaviour = misbehaviour;
  }

  record(call: Omit<Call, "sequence" | "at" | "outcome">): void {
    const sequence = this.#calls.length + 1;
    this.#calls.push({ sequence, at: new Date().toISOString(), outcome: "answered", ...call });
  }

  calls(after: number): readonly Call[] {
    return this.#calls.filter((call) => call.sequence > after);
  }

  /** The loss takes the four newest orders with it: more than the load has under way, so that some are acknowledged. */
  lose(): void {
    this.lossSequence = this.#calls.length;
    this.lost = true;
    for (const key of [...this.orders.keys()].slice(-4)) this.orders.delete(key);
  }

  /** What the script asks for: returns its exit code and its output. */
  engine(words: readonly string[]): { readonly code: number; readonly out: string } {
    const line = words.join(" ");
    const { engineFailsOn, neverSettles } = this.#misbehaviour;
    if (engineFailsOn && line.includes(engineFailsOn))
      return { code: 255, out: "error: no credentials: fake-passphrase-value" };
    if (line.startsWith("stack output"))
      return {
        code: 0,
        out: JSON.stringify(stackOutputs(line.includes("prod-east") ? "primary" : "recovery")),
      };
    if (line.startsWith("preview")) return { code: 0, out: JSON.stringify(preview) };
    if (line.startsWith("config set failover true") && !line.includes("--config-file"))
      this.flag = true;
    if (line.includes("--expect-no-changes") && neverSettles)
      return {
        code: 1,
        out: "error: no changes were expected for update but changes were proposed",
      };
    if (line.startsWith("up --stack prod-west") && this.flag && !this.promoted) this.#failOver();
    return { code: 0, out: "Resources:\n    16 unchanged" };
  }

  #failOver(): void {
    const rds = {
      region: recoveryRegion,
      service: "rds",
      status: 200,
      principal: operator.arn,
    } as const;
    const route53 = { ...rds, region: primaryRegion, service: "route53" } as const;
    const change = () => this.record({ ...route53, operation: "ChangeResourceRecordSets" });
    if (this.#misbehaviour.recordFirst) change();
    this.record({ ...rds, operation: "PromoteReadReplica" });
    this.record({ ...rds, operation: "DescribeDBInstances" });
    if (!this.#misbehaviour.recordFirst) change();
    if (this.#misbehaviour.asksLostRegion)
      this.record({ ...rds, region: primaryRegion, operation: "DescribeDBInstances" });
    this.record({ ...route53, operation: "GetChange" });
    this.promoted = true;
    this.target = recoveryAddress;
  }

  /** One invocation of a Region's function; undefined = the caller gets no answer. */
  invoke(region: string, event: FunctionEvent): object | undefined {
    const status = this.lost && region === primaryRegion ? undefined : 200;
    this.record({
      region,
      service: "lambda",
      operation: "Invoke",
      principal: workload.arn,
      ...(status === undefined ? {} : { status }),
    });
    if (status === undefined) return undefined;
    const answer = (statusCode: number, body: object) => ({
      statusCode,
      body: JSON.stringify(body),
    });
    if (this.lost && (!this.promoted || this.#misbehaviour.neverTakesOver))
      return answer(503, { error: "DatabaseUnreachable" });
    if (event.rawPath === "/health") return answer(200, this.#health(region));
    if (event.requestContext.http.method === "POST")
      return answer(201, { id: this.#create(event.headers["idempotency-key"] ?? ""), region });
    if (event.rawPath === "/orders")
      return answer(200, this.#page(event.queryStringParameters?.["after"]));
    const id = event.rawPath.split("/").at(-1);
    const known = [...this.orders.values()].includes(id ?? "");
    return known ? answer(200, { id }) : answer(404, { error: "NoSuchOrder" });
  }

  #create(key: string): string {
    const id = `order-${key}`;
    const { forgetsEveryNthWrite: nth } = this.#misbehaviour;
    this.#created += 1;
    const forget = this.lost && nth !== undefined && this.#created % nth === 0;
    if (!forget) this.orders.set(key, id);
    return id;
  }

  /** Pages of 20 in place of 1000, so that a short load has several. */
  #page(after: string | undefined) {
    const ids = [...this.orders.values()].sort();
    const rest = ids.filter((id) => after === undefined || id > after);
    const page = rest.slice(0, 20);
    return {
      orders: page.map((id) => ({ id })),
      ...(rest.length > page.length ? { next: page.at(-1) } : {}),
    };
  }

  #health(region: string) {
    const own = stackOutputs(region === primaryRegion ? "primary" : "recovery");
    const used = this.#misbehaviour.usesForeignSecret ? stackOutputs("primary") : own;
    return {
      region,
      secret: { arn: used.secretArn, versionId: "v1" },
      database: { host: "db.orders.internal", target: this.target, role: "writer" },
    };
  }
}

interface FunctionEvent {
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly requestContext: { readonly http: { readonly method: string } };
}

const step = (type: string, property: string) => ({
  op: "update",
  urn: `urn:pulumi:prod-west::standby::${type}::x`,
  detailedDiff: { [property]: { kind: "update" } },
});

const preview = {
  steps: [
    { op: "same", urn: "urn:pulumi:prod-west::standby::aws:kms/key:Key::x" },
    step("aws:rds/instance:Instance", "replicateSourceDb"),
    step("aws:route53/record:Record", "records[0]"),
  ],
};

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

/** Functions under the path that the SDK uses, the engine's script under `/engine`. */
async function startEndpoint(cloud: FakeCloud) {
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    if (request.url === "/engine")
      return response.end(JSON.stringify(cloud.engine(JSON.parse(body))));
    // The watch of the lag asks RDS, which this cloud lacks.
    if (body.startsWith("Action=")) return response.writeHead(501).end();
    const region = request.headers.authorization?.split("/")[2] ?? "";
    const answer = cloud.invoke(region, JSON.parse(body));
    // A lost Region takes the connection and never answers.
    return answer && response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function startNameServer(cloud: FakeCloud) {
  const socket = createSocket("udp4");
  socket.on("message", (message, peer) => {
    const { id, questions } = decode(message);
    const name = questions?.[0]?.name ?? "";
    const answers = [{ type: "CNAME", name, ttl: 5, data: cloud.target }] as const;
    socket.send(
      encode({
        type: "response",
        ...(id === undefined ? {} : { id }),
        ...(questions ? { questions } : {}),
        answers: [...answers],
      }),
      peer.port,
      peer.address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return socket;
}

/** A `pulumi` that asks the fake cloud what to say. */
async function writeEngine(folder: string, endpoint: string): Promise<void> {
  const file = join(folder, "pulumi");
  await writeFile(
    file,
    `#!${process.execPath}
const answer = await fetch("${endpoint}/engine", { method: "POST", body: JSON.stringify(process.argv.slice(2)) });
const { code, out } = await answer.json();
console.log(out);
process.exitCode = code;
`,
  );
  await chmod(file, 0o755);
}

const fixtures = fileURLToPath(new URL("fixtures/", import.meta.url));

export async function startFakeCloud(
  misbehaviour: Misbehaviour = {},
): Promise<{ readonly fake: FakeCloud; readonly start: () => Promise<LocalCloud> }> {
  const fake = new FakeCloud(misbehaviour);
  const start = async (): Promise<LocalCloud> => {
    const folder = await mkdtemp(join(tmpdir(), "fake-cloud-"));
    const [server, socket] = await Promise.all([startEndpoint(fake), startNameServer(fake)]);
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const projectFolder = join(folder, "project");
    await mkdir(projectFolder);
    await writeFile(join(projectFolder, "Pulumi.prod-west.yaml"), "config: {}\n");
    await writeEngine(folder, endpoint);
    return {
      folder,
      projectFolder,
      environment: { PATH: folder, PULUMI_CONFIG_PASSPHRASE: "fake-passphrase-value" },
      endpoint,
      dnsServer: { address: "127.0.0.1", port: socket.address().port },
      dials: dialsOf("fast"),
      databaseServerVersion: "Fake 1.0",
      get lastLoss() {
        return fake.lossSequence;
      },
      lose: async () => fake.lose(),
      restore: async () => undefined,
      loseRoute53ControlPlane: () => undefined,
      restoreRoute53ControlPlane: () => undefined,
      notifications: () => [],
      sentEvents: () => [],
      metrics: new MetricStore(),
      leaveFree: () => undefined,
      calls: (filter) => fake.calls(filter?.after ?? 0),
      onCall: () => () => undefined,
      passwords: () => [],
      rolePolicies: new RolePolicies(),
      addFault: () => undefined,
      clearFaults: () => undefined,
      close: async () => {
        fake.closed += 1;
        server.closeAllConnections();
        server.close();
        socket.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  };
  return { fake, start };
}

export const projectRoot = fixtures;
