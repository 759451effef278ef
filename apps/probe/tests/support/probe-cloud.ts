import { Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import {
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  PromoteReadReplicaCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  type DatabaseKind,
  functionAddress,
  type LocalCloud,
  operator,
  startLocalCloud,
} from "@standby/local-cloud";
import {
  databaseHostPattern,
  functionEnvironment,
  type ProbeAnswers,
  type ProbeReply,
  type ProbeRequest,
} from "@standby/topology";
import { zipSync } from "fflate";
import { type Connection, createConnection } from "mysql2/promise";

export const east = "us-east-1";
export const west = "us-west-2";
const bucket = "orders-prod-recovery-123456789012-us-west-2";
export const password = "correct-horse-battery";
const service = "orders-prod";
const credentials = {
  accessKeyId: operator.accessKeyId,
  secretAccessKey: operator.secretAccessKey,
};
const identifier = `${service}-1`;
const bundle = fileURLToPath(new URL("../../dist/bundle/index.mjs", import.meta.url));

/** A pair made by AWS's API alone, with the probe's own bundle in both Regions. */
export class ProbeCloud {
  readonly cloud: LocalCloud;
  readonly addresses: Record<string, string> = {};

  private constructor(cloud: LocalCloud) {
    this.cloud = cloud;
  }

  static async start(database?: DatabaseKind): Promise<ProbeCloud> {
    const pair = new ProbeCloud(await startLocalCloud(database ? { database } : {}));
    try {
      await pair.#build();
      return pair;
    } catch (error) {
      await pair.cloud.close();
      throw error;
    }
  }

  client<Client>(
    make: new (options: {
      region: string;
      endpoint: string;
      credentials: typeof credentials;
    }) => Client,
    region: string,
  ): Client {
    return new make({ region, endpoint: this.cloud.endpoint, credentials });
  }

  async ask<Ask extends ProbeRequest["ask"]>(
    region: string,
    request: Extract<ProbeRequest, { readonly ask: Ask }>,
  ): Promise<ProbeReply<ProbeAnswers[Ask]>> {
    const { Payload, FunctionError, LogResult } = await this.client(LambdaClient, region).send(
      new InvokeCommand({
        FunctionName: `${service}-probe`,
        Payload: JSON.stringify(request),
        LogType: "Tail",
      }),
    );
    const text = Buffer.from(Payload ?? []).toString("utf8");
    const log = Buffer.from(LogResult ?? "", "base64").toString("utf8");
    if (FunctionError) throw new Error(`${text}\n${log}`);
    if (`${text}${log}`.includes(password)) throw new Error("the probe told the password");
    return JSON.parse(text);
  }

  async answer<Ask extends ProbeRequest["ask"]>(
    region: string,
    request: Extract<ProbeRequest, { readonly ask: Ask }>,
  ): Promise<ProbeAnswers[Ask]> {
    const reply = await this.ask(region, request);
    if (!reply.ok) throw new Error(`${reply.failure.code}: ${reply.failure.message}`);
    return reply.answer;
  }

  async promote(region: string): Promise<void> {
    const rds = this.client(RDSClient, region);
    await rds.send(new PromoteReadReplicaCommand({ DBInstanceIdentifier: identifier }));
    await this.#available(
      region,
      ({ ReadReplicaSourceDBInstanceIdentifier }) =>
        ReadReplicaSourceDBInstanceIdentifier === undefined,
    );
  }

  /** `db.orders.internal` in a zone of its own, which names the source. */
  async createRecord(): Promise<void> {
    const route53 = this.client(Route53Client, east);
    const { HostedZone } = await route53.send(
      new CreateHostedZoneCommand({
        Name: "orders.internal",
        CallerReference: "probe",
        VPC: { VPCRegion: east, VPCId: "vpc-1" },
      }),
    );
    await route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: HostedZone?.Id,
        ChangeBatch: {
          Changes: [
            {
              Action: "CREATE",
              ResourceRecordSet: {
                Name: "db.orders.internal",
                Type: "CNAME",
                TTL: 3,
                ResourceRecords: [{ Value: this.addresses[east] ?? "" }],
              },
            },
          ],
        },
      }),
    );
  }

  async createBucket(): Promise<void> {
    await this.client(S3Client, west).send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: west },
      }),
    );
  }

  async replicationRecord(): Promise<unknown> {
    const { Body } = await this.client(S3Client, west).send(
      new GetObjectCommand({ Bucket: bucket, Key: "replication.json" }),
    );
    return JSON.parse((await Body?.transformToString()) ?? "");
  }

  /** What a client on the operator's machine would do, with the right password. */
  loginFromHere(region: string): Promise<void> {
    return this.#run(region, ["SELECT 1"], undefined);
  }

  /** As the application would, from within its VPC. */
  statements(region: string, statements: readonly string[]): Promise<void> {
    return this.#run(region, statements, functionAddress);
  }

  async #run(
    region: string,
    statements: readonly string[],
    localAddress: string | undefined,
  ): Promise<void> {
    const connection = await this.#login(region, localAddress);
    connection.on("error", () => {});
    try {
      for (const statement of statements) await connection.query(statement);
    } finally {
      connection.destroy();
    }
  }

  async #login(region: string, localAddress: string | undefined): Promise<Connection> {
    const resolver = new Resolver();
    const { address, port } = this.cloud.dnsServer;
    resolver.setServers([`${address}:${port}`]);
    const [host = ""] = await resolver.resolve4(this.addresses[region] ?? "");
    return createConnection({
      user: "orders_admin",
      password,
      ssl: { rejectUnauthorized: false },
      stream: () => connect({ host, port: 3306, ...(localAddress ? { localAddress } : {}) }),
    });
  }

  async #build(): Promise<void> {
    const sourceArn = await this.#source();
    await this.client(RDSClient, west).send(
      new CreateDBInstanceReadReplicaCommand({
        DBInstanceIdentifier: identifier,
        SourceDBInstanceIdentifier: sourceArn,
        KmsKeyId: await this.#key(west),
      }),
    );
    await this.#available(west);
    const secret = await this.client(SecretsManagerClient, east).send(
      new CreateSecretCommand({
        Name: `${service}/database`,
        SecretString: JSON.stringify({
          engine: "mysql",
          host: "db.orders.internal",
          port: 3306,
          username: "orders_admin",
          password,
          dbname: "orders",
        }),
        AddReplicaRegions: [{ Region: west }],
      }),
    );
    await this.statements(east, [
      "CREATE EVENT orders.sweep ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01' DO SET @swept = 1",
    ]);
    for (const region of [east, west])
      await this.#probe(region, (secret.ARN ?? "").replace(east, region));
  }

  async #source(): Promise<string> {
    await this.client(RDSClient, east).send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: identifier,
        DBInstanceClass: "db.t4g.micro",
        Engine: "mysql",
        EngineVersion: "8.4",
        AllocatedStorage: 20,
        MasterUsername: "orders_admin",
        MasterUserPassword: password,
        DBName: "orders",
        BackupRetentionPeriod: 7,
        KmsKeyId: await this.#key(east),
        StorageEncrypted: true,
      }),
    );
    return this.#available(east);
  }

  async #key(region: string): Promise<string> {
    const { KeyMetadata } = await this.client(KMSClient, region).send(new CreateKeyCommand());
    return KeyMetadata?.Arn ?? "";
  }

  /** Its ARN. */
  async #available(
    region: string,
    also: (found: DBInstance) => boolean = () => true,
  ): Promise<string> {
    const rds = this.client(RDSClient, region);
    for (;;) {
      const { DBInstances } = await rds.send(
        new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }),
      );
      const [found] = DBInstances ?? [];
      if (found?.DBInstanceStatus === "available" && also(found)) {
        this.addresses[region] = found.Endpoint?.Address ?? "";
        return found.DBInstanceArn ?? "";
      }
      await delay(50);
    }
  }

  async #probe(region: string, secretArn: string): Promise<void> {
    const lambda = this.client(LambdaClient, region);
    const name = `${service}-probe`;
    const patterns = Object.values(this.addresses).map((each) =>
      databaseHostPattern(service, each),
    );
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: `arn:aws:iam::123456789012:role/${service}-orders-${region}`,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Timeout: 60,
        Code: { ZipFile: zipSync({ "index.mjs": await readFile(bundle) }) },
        Environment: {
          Variables: {
            [functionEnvironment.secretName]: secretArn,
            [functionEnvironment.regionName]: region,
            [functionEnvironment.databaseHosts]: patterns.join(","),
            [functionEnvironment.databaseAddress]: this.addresses[region] ?? "",
            ...(region === west ? { [functionEnvironment.recoveryBucket]: bucket } : {}),
          },
        },
      }),
    );
    for (;;) {
      const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: name }));
      if (Configuration?.State === "Active") return;
      await delay(25);
    }
  }
}
