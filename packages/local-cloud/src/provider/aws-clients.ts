import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { RDSClient } from "@aws-sdk/client-rds";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { STSClient } from "@aws-sdk/client-sts";
import { operator } from "../account.ts";
import { awsCallError } from "./aws-call-error.ts";

export interface AwsClients {
  readonly cloudwatch: CloudWatchClient;
  readonly events: EventBridgeClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly rds: RDSClient;
  /** Always signed for us-east-1: Route 53's control plane lives there. */
  readonly route53: Route53Client;
  readonly s3: S3Client;
  readonly secretsManager: SecretsManagerClient;
  readonly sts: STSClient;
}

export const globalServicesRegion = "us-east-1";

const connectionTimeoutMilliseconds = 3_000;

type Next = (args: object) => Promise<object>;
interface MiddlewareContext {
  readonly clientName?: string;
  readonly commandName?: string;
}
/** The part of every SDK client's middleware stack that is used here. */
interface Stack {
  add(
    middleware: (next: Next, context: MiddlewareContext) => Next,
    options: { readonly step: "initialize"; readonly name: string },
  ): void;
}

/** Every failed call is thrown in the words of the real provider's SDK. */
const withProviderErrors = <Client extends { readonly middlewareStack: object }>(
  client: Client,
): Client => {
  (client.middlewareStack as Stack).add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw awsCallError(error, context.clientName ?? "", context.commandName ?? "");
      }
    },
    { step: "initialize", name: "providerErrors" },
  );
  return client;
};

const clientsOf = (
  endpoint: string,
  region: string,
  requestTimeoutMilliseconds: number,
): AwsClients => {
  const common = {
    endpoint,
    credentials: {
      accessKeyId: operator.accessKeyId,
      secretAccessKey: operator.secretAccessKey,
    },
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: connectionTimeoutMilliseconds,
      requestTimeout: requestTimeoutMilliseconds,
      throwOnRequestTimeout: true,
    },
  };
  const regional = { ...common, region };
  return {
    cloudwatch: withProviderErrors(new CloudWatchClient(regional)),
    events: withProviderErrors(new EventBridgeClient(regional)),
    kms: withProviderErrors(new KMSClient(regional)),
    lambda: withProviderErrors(new LambdaClient(regional)),
    rds: withProviderErrors(new RDSClient(regional)),
    route53: withProviderErrors(new Route53Client({ ...common, region: globalServicesRegion })),
    s3: withProviderErrors(new S3Client({ ...regional, forcePathStyle: true })),
    secretsManager: withProviderErrors(new SecretsManagerClient(regional)),
    sts: withProviderErrors(new STSClient(regional)),
  };
};

/** One set of clients per Region, made when the Region is first used. */
export class RegionalClients {
  readonly #endpoint: string;
  readonly #requestTimeoutMilliseconds: number;
  readonly #clients = new Map<string, AwsClients>();

  constructor(endpoint: string, requestTimeoutMilliseconds: number) {
    this.#endpoint = endpoint;
    this.#requestTimeoutMilliseconds = requestTimeoutMilliseconds;
  }

  of(region: string): AwsClients {
    const known = this.#clients.get(region);
    if (known) return known;
    const made = clientsOf(this.#endpoint, region, this.#requestTimeoutMilliseconds);
    this.#clients.set(region, made);
    return made;
  }

  close(): void {
    for (const clients of this.#clients.values()) {
      for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
    }
    this.#clients.clear();
  }
}
