import { KMSClient } from "@aws-sdk/client-kms";
import { RDSClient } from "@aws-sdk/client-rds";
import { Route53Client } from "@aws-sdk/client-route-53";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type LocalCloud, workload } from "@standby/local-cloud";

/** Whoever made what the program finds: another principal than the operator, so that the request log tells them apart. */
export interface Somebody extends Disposable {
  readonly kms: KMSClient;
  readonly rds: RDSClient;
  readonly route53: Route53Client;
  readonly secretsManager: SecretsManagerClient;
}

export function somebodyIn({ endpoint }: LocalCloud, region: string): Somebody {
  const options = { region, endpoint, credentials: workload, maxAttempts: 1 };
  const clients = {
    kms: new KMSClient(options),
    rds: new RDSClient(options),
    route53: new Route53Client(options),
    secretsManager: new SecretsManagerClient(options),
  };
  return {
    ...clients,
    [Symbol.dispose]: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
