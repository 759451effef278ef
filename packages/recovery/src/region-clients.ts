import { LambdaClient } from "@aws-sdk/client-lambda";
import { RDSClient } from "@aws-sdk/client-rds";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { STSClient } from "@aws-sdk/client-sts";

/** What the commands ask of one Region. */
export interface RegionClients {
  readonly region: string;
  readonly rds: RDSClient;
  readonly secretsManager: SecretsManagerClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly sts: STSClient;
}

/** A name that the SDK knows as Route 53's own, wherever it is called from: its control plane is in us-east-1. */
const route53Region = "us-east-1";

/**
 * `requestTimeout` alone only warns: `throwOnRequestTimeout` makes it fire. Two attempts, because the whole operation is bounded by
 * the caller's signal.
 */
const bounded = {
  maxAttempts: 2,
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    throwOnRequestTimeout: true,
  },
} as const;

/** A function may take its whole 15 minutes (to wait for transactions); the caller's signal is the bound. Never sent twice. */
const boundedInvocation = {
  maxAttempts: 1,
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 900_000,
    throwOnRequestTimeout: true,
  },
} as const;

/**
 * The clients of a run, made when they are first asked for: a command that does not ask for a Region holds nothing that could call
 * it. The credentials are found once, by the recovery Region's client: where they are exchanged for a role's, the call goes there.
 */
export class AwsClients implements Disposable {
  readonly #home: string;
  readonly #regions = new Map<string, RegionClients>();
  #route53: Route53Client | undefined;

  /** `home`: the recovery Region. */
  constructor(home: string) {
    this.#home = home;
  }

  in(region: string): RegionClients {
    const known = this.#regions.get(region);
    if (known) return known;
    const made = this.#make(region);
    this.#regions.set(region, made);
    return made;
  }

  get route53(): Route53Client {
    this.#route53 ??= new Route53Client({
      ...bounded,
      region: route53Region,
      credentials: this.in(this.#home).sts.config.credentials,
    });
    return this.#route53;
  }

  [Symbol.dispose](): void {
    this.#route53?.destroy();
    for (const { rds, secretsManager, lambda, s3, sts } of this.#regions.values())
      for (const client of [rds, secretsManager, lambda, s3, sts]) client.destroy();
  }

  #make(region: string): RegionClients {
    const sts = new STSClient({
      ...bounded,
      region,
      ...(region === this.#home ? {} : { credentials: this.in(this.#home).sts.config.credentials }),
    });
    const settings = { ...bounded, region, credentials: sts.config.credentials };
    return {
      region,
      sts,
      rds: new RDSClient(settings),
      secretsManager: new SecretsManagerClient(settings),
      lambda: new LambdaClient({ ...settings, ...boundedInvocation }),
      // Bucket names may hold dots, and an endpoint on this machine has no wildcard names.
      s3: new S3Client({ ...settings, forcePathStyle: true }),
    };
  }
}
