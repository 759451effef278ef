import { randomUUID } from "node:crypto";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { asText, SecretReader } from "../src/index.ts";
import { loadPeer } from "./peer.ts";

/** One way to read secrets: what the benchmark asks of this package and of its peers. */
export interface Subject {
  get(name: string): Promise<unknown>;
  peek?(name: string): unknown;
}

export interface SubjectOptions {
  readonly timeToLiveMillis: number;
}

const region = "us-west-2";
interface Powertools {
  SecretsProvider: new () => {
    get(name: string, options: { maxAge: number }): Promise<unknown>;
  };
}
interface MiddyHandler {
  use(middleware: unknown): MiddyHandler;
  handler(
    handle: (event: unknown, context: Record<string, unknown>) => Promise<unknown>,
  ): MiddyHandler;
  (event: unknown, context: object): Promise<unknown>;
}

export const subjects: Readonly<Record<string, (options: SubjectOptions) => Promise<Subject>>> = {
  ours: async ({ timeToLiveMillis }) => {
    const readers = new Map<string, SecretReader<string>>();
    const client = new SecretsManagerClient({ region });
    // The default is given by none: times of its own are an object more for each reader.
    const times = timeToLiveMillis === 300_000 ? {} : { times: { timeToLiveMillis } };
    const make = (secretId: string) => {
      const place = { secretId, region, decode: asText, client };
      const reader = new SecretReader({ ...place, ...times });
      readers.set(secretId, reader);
      return reader;
    };
    const reader = (name: string) => readers.get(name) ?? make(name);
    return { get: (name) => reader(name).get(), peek: (name) => reader(name).peek() };
  },
  sdk: async () => {
    const client = new SecretsManagerClient({ region });
    return { get: (name) => client.send(new GetSecretValueCommand({ SecretId: name })) };
  },
  powertools: async ({ timeToLiveMillis }) => {
    const { SecretsProvider } = await loadPeer<Powertools>(
      "@aws-lambda-powertools/parameters/secrets",
    );
    const provider = new SecretsProvider();
    return { get: (name) => provider.get(name, { maxAge: timeToLiveMillis / 1_000 }) };
  },
  middy: async ({ timeToLiveMillis }) => {
    const { default: middy } = await loadPeer<{ default: () => MiddyHandler }>("@middy/core");
    const { default: secretsManager } = await loadPeer<{ default: (options: object) => unknown }>(
      "@middy/secrets-manager",
    );
    const handlers = new Map<string, MiddyHandler>();
    return {
      get: (name) => {
        let handler = handlers.get(name);
        if (!handler) {
          handler = middy()
            .use(
              secretsManager({
                AwsClient: SecretsManagerClient,
                awsClientOptions: { region },
                fetchData: { value: name },
                cacheKey: name,
                cacheExpiry: timeToLiveMillis,
                disablePrefetch: true,
                setToContext: true,
              }),
            )
            .handler(async (_event, context) => context["value"]);
          handlers.set(name, handler);
        }
        return handler({}, {});
      },
    };
  },
  "floor-async": async () => {
    const kept = new Map<string, { readonly value: string; readonly until: number }>();
    return {
      get: async (name) => {
        const found = kept.get(name);
        if (found && Date.now() < found.until) return found.value;
        const value = `${name}${"x".repeat(250)}`;
        kept.set(name, { value, until: Date.now() + 300_000 });
        return value;
      },
    };
  },
  /** The floor of who keeps what a version says of itself: what a Map of plain objects needs for the same facts. */
  "floor-facts": async () => {
    const kept = new Map<string, object>();
    const versionStages = ["AWSCURRENT"];
    return {
      get: async (name) => {
        const readAt = Date.now() + 0.5;
        const arn = `arn:aws:secretsmanager:us-west-2:123456789012:secret:${name}`;
        const facts = { arn, versionId: randomUUID(), value: "x".repeat(250) };
        // Read from JSON as an answer is: a text that was put together keeps its parts.
        const read = JSON.parse(JSON.stringify(facts)) as object;
        kept.set(name, { ...read, versionStages, readAt, until: readAt + 300_000 });
      },
    };
  },
  "floor-sync": async () => {
    const kept = new Map<string, { readonly value: string; readonly until: number }>();
    kept.set("secret-0", { value: "x".repeat(250), until: Date.now() + 300_000 });
    const peek = (name: string) => {
      const found = kept.get(name);
      return found && Date.now() < found.until ? found.value : undefined;
    };
    return { get: async (name) => peek(name), peek };
  },
};
