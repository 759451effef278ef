import { operator, type Principal } from "../src/account.ts";
import type { Dials } from "../src/dials.ts";
import { dialsOf } from "../src/dials.ts";
import { Faults } from "../src/faults.ts";
import type { FindSecret } from "../src/iam/needed-permissions.ts";
import { RolePolicies } from "../src/iam/role-policies.ts";
import { KnownPasswords } from "../src/known-passwords.ts";
import { Outages } from "../src/outages.ts";
import { RequestLog } from "../src/request-log.ts";
import { type Endpoint, startEndpoint } from "../src/server.ts";
import type { Service } from "../src/service.ts";

export const east = "us-east-1";
export const west = "us-west-2";

/** Waits that a test can sit through. */
export const quickDials: Dials = {
  ...dialsOf("fast"),
  promotionSeconds: 0.2,
  modificationSeconds: 0.05,
  recordPropagationSeconds: 0.1,
  secretReplicationSeconds: 0.1,
};

export interface TestCloud {
  readonly endpoint: Endpoint;
  readonly log: RequestLog;
  readonly outages: Outages;
  readonly faults: Faults;
  readonly rolePolicies: RolePolicies;
  readonly passwords: KnownPasswords;
  /** What every SDK client in a test is made with: one attempt, no real credentials, the local endpoint. */
  clientOptions(region: string, principal?: Principal): ClientOptions;
}

interface ClientOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

export async function startTestCloud(
  servicesOf: (parts: { outages: Outages; faults: Faults }) => readonly Service[],
  findSecret?: FindSecret,
): Promise<TestCloud> {
  const log = new RequestLog();
  const outages = new Outages();
  const faults = new Faults();
  const services = servicesOf({ outages, faults });
  const rolePolicies = new RolePolicies();
  const passwords = new KnownPasswords();
  const endpoint = await startEndpoint({
    services,
    log,
    outages,
    faults,
    rolePolicies,
    passwords,
    ...(findSecret && { findSecret }),
  });
  return {
    endpoint,
    log,
    outages,
    faults,
    rolePolicies,
    passwords,
    clientOptions: (region, { accessKeyId, secretAccessKey } = operator) => ({
      region,
      endpoint: endpoint.url,
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
    }),
  };
}

/** Asks again until the answer is as wanted; fails after the deadline with the last answer. */
export async function eventually<Answer>(
  ask: () => Promise<Answer> | Answer,
  isWanted: (answer: Answer) => boolean,
  deadlineMilliseconds = 5000,
): Promise<Answer> {
  const deadline = Date.now() + deadlineMilliseconds;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`The last answer was ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What a refused SDK call says: error code and HTTP status. */
export async function refusalOf(call: Promise<unknown>): Promise<{
  readonly name: string;
  readonly status: number | undefined;
  readonly message: string;
}> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & {
      $metadata?: { httpStatusCode?: number };
    };
    return { name, status: $metadata?.httpStatusCode, message };
  }
  throw new Error("The call was answered.");
}
