import type { Dials } from "../../src/dials.ts";
import type { FunctionUse } from "../../src/function-use.ts";
import { createKms } from "../../src/kms/kms.ts";
import { startProvider } from "../../src/provider/index.ts";
import type { PropertyMap } from "../../src/provider/property-values.ts";
import { createSecretsManager } from "../../src/secrets-manager/secrets-manager.ts";
import type { Service } from "../../src/service.ts";
import { createSts } from "../../src/sts.ts";
import { quickDials, startTestCloud, type TestCloud } from "../aws-fixture.ts";
import { noFunctions } from "../function-use.fixture.ts";
import { ProviderClient } from "./provider-client.fixture.ts";

export interface ProviderCloud extends TestCloud {
  readonly port: number;
  /** Calls of the inert types, as `<Region> <service>.<operation>`. */
  readonly inertCalls: string[];
  /** A configured connection. */
  connect(region: string, config?: PropertyMap): Promise<ProviderClient>;
  /** Operations that the endpoint saw since the last time, without the provider's own STS call. */
  newCalls(): string[];
  close(): Promise<void>;
}

const impatient: Dials = {
  ...quickDials,
  databaseWaiter: { firstSeconds: 0, intervalSeconds: 0.01, consecutive: 1 },
  recordWaiter: { firstSeconds: 0, intervalSeconds: 0.01, consecutive: 1 },
  functionWaiter: { firstSeconds: 0, intervalSeconds: 0.01, consecutive: 1 },
};

/** The provider against an endpoint with Secrets Manager, KMS, STS and what a test adds. */
export const startProviderCloud = async (
  extraServices: readonly Service[] = [],
  inertCall: (call: { region: string }) => Promise<void> = async () => {},
  functions: FunctionUse = noFunctions,
): Promise<ProviderCloud> => {
  const clients: ProviderClient[] = [];
  const inertCalls: string[] = [];
  const cloud = await startTestCloud(({ outages }) => {
    const kms = createKms();
    const secrets = createSecretsManager({
      dials: impatient,
      outages,
      keys: kms.keys,
      functions,
    });
    return [createSts(), kms, secrets, ...extraServices];
  });
  const provider = await startProvider({
    endpoint: cloud.endpoint.url,
    dials: impatient,
    requestTimeoutSeconds: 1,
    inertCall: async (call) => {
      inertCalls.push(`${call.region} ${call.service}.${call.operation}`);
      await inertCall(call);
    },
  });
  let seen = 0;
  return {
    ...cloud,
    port: provider.port,
    inertCalls,
    connect: async (region, config = {}) => {
      const client = new ProviderClient(provider.port);
      clients.push(client);
      await client.configure({ region, ...config });
      return client;
    },
    newCalls: () => {
      const calls = cloud.log.calls({ after: seen });
      seen = cloud.log.last;
      return calls.filter((call) => call.service !== "sts").map((call) => call.operation);
    },
    close: async () => {
      for (const client of clients) client.close();
      await provider.close();
      await cloud.endpoint.close();
    },
  };
};
