import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type LocalCloud, workload } from "@standby/local-cloud";
import { execa } from "execa";
import { readStackOutputs } from "../src/stack-outputs.ts";
import { type Ask, askedOf } from "./questions.ts";
import type { Leak, SecretScan } from "./scan.ts";

/** The kinds of places that the scan says it sees into, each with how a finding there is called. */
const kinds: Readonly<Record<string, RegExp>> = {
  output: /^pulumi stack output /,
  plan: /^pulumi preview /,
  state: /^pulumi stack export |\/\.pulumi\/stacks\//,
  log: /\/function-\d+\.log$/,
  report: /^the report as text$/,
  page: /^the report as a page$/,
  "list of processes": /^the list of processes$/,
  "temporary file": /\/standby-planted-[^/]+\/note$/,
};

const stack = "prod-west";

/** A password that is nobody's, put where a careless program would leave one: what is not found there is a place that the scan is blind for. */
export class PlantedPassword {
  readonly text = `Planted ${randomBytes(18).toString("base64")}`;
  #folder: string | undefined;

  /** By the ways that lead there: the program's own outputs, a function's own log, a command's own arguments. */
  async plant(cloud: LocalCloud, ask: Ask): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "standby-planted-"));
    await writeFile(
      join(this.#folder, "note"),
      Buffer.from(`password: ${this.text}`).toString("base64"),
    );
    await execa("sleep", ["1"], { argv0: `sleep --password=${this.text}` });
    await this.#intoLog(cloud, await ask(["pulumi", "stack", "output", "--json", "-s", stack]));
    await this.#intoState(await ask(["pulumi", "stack", "export", "-s", stack]), ask);
  }

  /** Each kind of place, and whether the scan found it there. */
  found(scan: SecretScan): Readonly<Record<string, boolean>> {
    const places = scan.leaks.filter(({ password }) => scan.isNumberOf(password, this.text));
    return Object.fromEntries(
      Object.entries(kinds).map(([kind, pattern]) => [
        kind,
        places.some(({ place }: Leak) => pattern.test(place)),
      ]),
    );
  }

  async remove(): Promise<void> {
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  /** The application logs the id of each request. */
  async #intoLog({ endpoint }: LocalCloud, outputs: string): Promise<void> {
    const { region, functionName } = readStackOutputs(stack, outputs);
    const client = new LambdaClient({ region, endpoint, credentials: workload });
    const event = {
      version: "2.0",
      rawPath: "/nowhere",
      headers: {},
      requestContext: { requestId: this.text, http: { method: "GET" } },
    };
    await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
    );
    client.destroy();
  }

  /** As an output that is no secret: from then on it stands in the state, among the outputs, and in the plan that takes it away. */
  async #intoState(exported: string, ask: Ask): Promise<void> {
    const state = JSON.parse(exported) as {
      deployment: { resources: { type: string; outputs?: Record<string, unknown> }[] };
    };
    const root = state.deployment.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    if (root) root.outputs = { ...root.outputs, planted: this.text };
    await ask(["pulumi", "stack", "import", "-s", stack], JSON.stringify(state));
    for (const question of askedOf(stack)) await ask(question);
  }
}
