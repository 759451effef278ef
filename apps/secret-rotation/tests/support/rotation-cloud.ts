import { Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import {
  CreateDBInstanceCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretResponse,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { functionAddress, type LocalCloud, operator, startLocalCloud } from "@standby/local-cloud";
import { databaseHostPattern, functionEnvironment, type RotationStrategy } from "@standby/topology";
import { zipSync } from "fflate";
import { createConnection, type RowDataPacket } from "mysql2/promise";

const east = "us-east-1";
const west = "us-west-2";
const cname = "db.orders.internal";
const service = "orders-prod";
const masterPassword = "correct-horse-battery";
const credentials = {
  accessKeyId: operator.accessKeyId,
  secretAccessKey: operator.secretAccessKey,
};
const bundle = fileURLToPath(new URL("../../dist/bundle/index.mjs", import.meta.url));

export interface Value {
  readonly username: string;
  readonly password: string;
  readonly [field: string]: unknown;
}

/** One database with its name, made by AWS's API alone; secrets and rotation functions as a test wants them. */
export class RotationCloud {
  readonly cloud: LocalCloud;
  address = "";
  #count = 0;

  private constructor(cloud: LocalCloud) {
    this.cloud = cloud;
  }

  static async start(): Promise<RotationCloud> {
    const started = new RotationCloud(await startLocalCloud());
    try {
      await started.#createDatabase();
      await started.#createRecord();
      return started;
    } catch (error) {
      await started.cloud.close();
      throw error;
    }
  }

  get secrets(): SecretsManagerClient {
    return this.#client(SecretsManagerClient, east);
  }

  /** A secret that holds this user, with a field that is nobody's business. */
  async createSecret(value?: Partial<Value>): Promise<string> {
    const { ARN = "" } = await this.secrets.send(
      new CreateSecretCommand({
        Name: `${service}/${++this.#count}`,
        AddReplicaRegions: [{ Region: west }],
        ...(value
          ? { SecretString: JSON.stringify({ ...this.master(), team: "orders", ...value }) }
          : {}),
      }),
    );
    return ARN;
  }

  master(): Value {
    return {
      engine: "mysql",
      host: cname,
      port: 3306,
      username: "orders_admin",
      password: masterPassword,
      dbname: "orders",
    };
  }

  /** The function's own bundle; its ARN. */
  async deploy(place: {
    readonly secretArn: string;
    readonly adminSecretArn?: string;
    readonly strategy?: RotationStrategy;
    readonly applicationUsername?: string;
    readonly region?: string;
  }): Promise<string> {
    const region = place.region ?? east;
    const lambda = this.#client(LambdaClient, region);
    const name = `${service}-rotation-${++this.#count}`;
    const { FunctionArn = "" } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: `arn:aws:iam::123456789012:role/${service}-rotation-${region}`,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Timeout: 60,
        Code: { ZipFile: zipSync({ "index.mjs": await readFile(bundle) }) },
        Environment: {
          Variables: {
            [functionEnvironment.secretName]: place.secretArn,
            [functionEnvironment.regionName]: region,
            [functionEnvironment.databaseHosts]: databaseHostPattern(service, this.address),
            [functionEnvironment.rotationStrategy]: place.strategy ?? "single-user",
            [functionEnvironment.adminSecretName]: place.adminSecretArn ?? "",
            [functionEnvironment.applicationUsername]: place.applicationUsername ?? "",
          },
        },
      }),
    );
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: name,
        StatementId: "rotation",
        Action: "lambda:InvokeFunction",
        Principal: "secretsmanager.amazonaws.com",
      }),
    );
    for (;;) {
      const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: name }));
      if (Configuration?.State === "Active") return FunctionArn;
      await delay(25);
    }
  }

  /** What the function answers, or its error's text. */
  async invoke(functionArn: string, event: object): Promise<string> {
    const { Payload } = await this.#client(LambdaClient, east).send(
      new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(event) }),
    );
    return Buffer.from(Payload ?? []).toString("utf8");
  }

  /** Asks for a rotation and waits until the secret's current version is the new one. */
  async rotate(secretArn: string, functionArn: string): Promise<Value> {
    const { VersionId = "" } = await this.secrets.send(
      new RotateSecretCommand({ SecretId: secretArn, RotationLambdaARN: functionArn }),
    );
    await this.until(secretArn, ({ VersionIdsToStages = {} }) =>
      Boolean(VersionIdsToStages[VersionId]?.includes("AWSCURRENT")),
    );
    return this.value(secretArn);
  }

  async until(
    secretArn: string,
    isSo: (described: DescribeSecretResponse) => boolean,
  ): Promise<DescribeSecretResponse> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const described = await this.secrets.send(new DescribeSecretCommand({ SecretId: secretArn }));
      if (isSo(described)) return described;
      if (Date.now() > deadline)
        throw new Error(`the secret stays as it is: ${JSON.stringify(described)}`);
      await delay(50);
    }
  }

  async value(secretArn: string, stage = "AWSCURRENT"): Promise<Value> {
    const { SecretString = "{}" } = await this.secrets.send(
      new GetSecretValueCommand({ SecretId: secretArn, VersionStage: stage }),
    );
    return JSON.parse(SecretString);
  }

  /** Runs statements as a user would from within the VPC; the last one's rows. Rejects when the login is refused. */
  async statements(
    { username, password }: Pick<Value, "username" | "password">,
    ...statements: readonly string[]
  ): Promise<readonly RowDataPacket[]> {
    const resolver = new Resolver();
    const { address, port } = this.cloud.dnsServer;
    resolver.setServers([`${address}:${port}`]);
    const [host = ""] = await resolver.resolve4(this.address);
    const connection = await createConnection({
      user: username,
      password,
      ssl: { rejectUnauthorized: false },
      stream: () => connect({ host, port: 3306, localAddress: functionAddress }),
    });
    connection.on("error", () => {});
    try {
      let rows: readonly RowDataPacket[] = [];
      for (const statement of statements) {
        const [answer] = await connection.query<RowDataPacket[]>(statement);
        rows = Array.isArray(answer) ? answer : [];
      }
      return rows;
    } finally {
      connection.destroy();
    }
  }

  #client<Client>(
    make: new (options: {
      region: string;
      endpoint: string;
      credentials: typeof credentials;
    }) => Client,
    region: string,
  ): Client {
    return new make({ region, endpoint: this.cloud.endpoint, credentials });
  }

  async #createDatabase(): Promise<void> {
    const rds = this.#client(RDSClient, east);
    const { KeyMetadata } = await this.#client(KMSClient, east).send(new CreateKeyCommand());
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: `${service}-1`,
        DBInstanceClass: "db.t4g.micro",
        Engine: "mysql",
        EngineVersion: "8.4",
        AllocatedStorage: 20,
        MasterUsername: "orders_admin",
        MasterUserPassword: masterPassword,
        DBName: "orders",
        BackupRetentionPeriod: 7,
        KmsKeyId: KeyMetadata?.Arn,
        StorageEncrypted: true,
      }),
    );
    while (this.address === "") {
      const { DBInstances } = await rds.send(
        new DescribeDBInstancesCommand({ DBInstanceIdentifier: `${service}-1` }),
      );
      const [found] = DBInstances ?? [];
      if (found?.DBInstanceStatus === "available") this.address = found.Endpoint?.Address ?? "";
      else await delay(50);
    }
  }

  async #createRecord(): Promise<void> {
    const route53 = this.#client(Route53Client, east);
    const { HostedZone } = await route53.send(
      new CreateHostedZoneCommand({
        Name: "orders.internal",
        CallerReference: "rotation",
        VPC: { VPCRegion: east, VPCId: "vpc-1" },
      }),
    );
    const record = { Name: cname, Type: "CNAME" as const, TTL: 3 };
    await route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: HostedZone?.Id,
        ChangeBatch: {
          Changes: [
            {
              Action: "CREATE",
              ResourceRecordSet: { ...record, ResourceRecords: [{ Value: this.address }] },
            },
          ],
        },
      }),
    );
  }
}
