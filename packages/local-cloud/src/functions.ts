import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { accountId } from "./account.ts";
import type { FunctionDeployment, FunctionRuntime, InvocationResult } from "./data-planes.ts";
import { unpackBundle } from "./functions/bundle.ts";
import { EnvironmentPool } from "./functions/environment-pool.ts";
import { EnvironmentsLostError } from "./functions/failures.ts";

export { BundleError } from "./functions/bundle.ts";
export { EnvironmentsLostError } from "./functions/failures.ts";

export interface FunctionRuntimeOptions {
  /** For the unpacked bundles. */
  readonly folder: string;
  /** What a VPC's resolver is on AWS. */
  readonly dnsServer: { readonly address: string; readonly port: number };
  /** PEM file of the authority that the functions trust besides the public ones. */
  readonly caFile: string;
  /** For each function and Region. Default: 8, then invocations wait. */
  readonly maximumEnvironments?: number;
}

interface DeployedFunction {
  readonly region: string;
  readonly pool: EnvironmentPool;
}

/** Runs each app's bundle as child processes, one invocation at a time in each, as Lambda does. */
export const createFunctionRuntime = (options: FunctionRuntimeOptions): FunctionRuntime =>
  new ChildProcessFunctions(options);

class ChildProcessFunctions implements FunctionRuntime {
  readonly #options: FunctionRuntimeOptions;
  readonly #functions = new Map<string, DeployedFunction>();
  /** Retired versions, while they still serve what came before. */
  readonly #pools = new Set<DeployedFunction>();
  /** Aborted when the Region is restored. */
  readonly #outages = new Map<string, AbortController>();
  readonly #closing = new AbortController();
  #deployments = 0;

  constructor(options: FunctionRuntimeOptions) {
    this.#options = options;
  }

  async deploy(deployment: FunctionDeployment): Promise<void> {
    this.#closing.signal.throwIfAborted();
    const { region, name } = deployment;
    this.#deployments += 1;
    const taskFolder = join(this.#options.folder, `function-${this.#deployments}`);
    await mkdir(taskFolder, { recursive: true, mode: 0o700 });
    await unpackBundle(deployment.archive, taskFolder);
    this.#closing.signal.throwIfAborted();
    const deployed = { region, pool: this.#newPool(deployment, taskFolder) };
    const previous = this.#functions.get(keyOf(region, name));
    this.#functions.set(keyOf(region, name), deployed);
    this.#pools.add(deployed);
    await previous?.pool.retire();
  }

  async remove(region: string, name: string): Promise<void> {
    const removed = this.#functions.get(keyOf(region, name));
    this.#functions.delete(keyOf(region, name));
    await removed?.pool.retire();
  }

  async invoke(
    region: string,
    name: string,
    payload: Uint8Array,
    signal: AbortSignal,
  ): Promise<InvocationResult> {
    const deployed = this.#functions.get(keyOf(region, name));
    if (!deployed) throw new Error(`No function ${name} is deployed in ${region}.`);
    if (!this.#outages.has(region)) {
      const event = Buffer.from(payload).toString("utf8") || "{}";
      const answer = await deployed.pool.invoke(event, signal).catch((error: unknown) => {
        if (error instanceof EnvironmentsLostError) return undefined;
        throw error;
      });
      if (answer) return answer;
    }
    return await this.#noAnswer(region, signal);
  }

  async followOutage(region: string, mode: "hang" | "refuse" | "5xx" | undefined): Promise<void> {
    if (mode === undefined) {
      this.#outages.get(region)?.abort(lost(region));
      this.#outages.delete(region);
      return;
    }
    if (!this.#outages.has(region)) this.#outages.set(region, new AbortController());
    const affected = [...this.#pools].filter((deployed) => deployed.region === region);
    await Promise.all(affected.map((deployed) => deployed.pool.kill()));
  }

  async close(): Promise<void> {
    this.#closing.abort(new EnvironmentsLostError("The local cloud was closed."));
    this.#functions.clear();
    await Promise.all([...this.#pools].map((deployed) => deployed.pool.kill()));
    await rm(this.#options.folder, { recursive: true, force: true });
  }

  /** From a lost Region nothing comes back: the caller's own deadline ends the wait, else the Region's return. */
  async #noAnswer(region: string, signal: AbortSignal): Promise<never> {
    const outage = this.#outages.get(region)?.signal ?? AbortSignal.abort(lost(region));
    const end = AbortSignal.any([signal, outage, this.#closing.signal]);
    if (!end.aborted) {
      await new Promise((resolve) => end.addEventListener("abort", resolve, { once: true }));
    }
    throw end.reason;
  }

  #newPool(deployment: FunctionDeployment, taskFolder: string): EnvironmentPool {
    const { region, name, handler, timeoutSeconds, environment } = deployment;
    const { caFile, dnsServer, maximumEnvironments = 8 } = this.#options;
    const settings = {
      functionArn: `arn:aws:lambda:${region}:${accountId}:function:${name}`,
      taskFolder,
      logFile: `${taskFolder}.log`,
      handler,
      timeoutSeconds,
      dnsServer,
      variables: {
        PATH: process.env["PATH"] ?? "/usr/bin:/bin",
        TZ: ":UTC",
        LAMBDA_TASK_ROOT: taskFolder,
        _HANDLER: handler,
        ...environment,
        // The apps verify TLS with the code that runs on AWS; only whom they trust differs.
        NODE_EXTRA_CA_CERTS: caFile,
      },
    };
    return new EnvironmentPool(settings, maximumEnvironments);
  }
}

const keyOf = (region: string, name: string) => `${region}/${name}`;

const lost = (region: string) =>
  new EnvironmentsLostError(`The function's environments went with ${region}.`);
