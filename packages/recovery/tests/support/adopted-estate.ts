import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LocalCloud, workload } from "@standby/local-cloud";
import { callsByHand } from "@standby/local-cloud/testing";
import { expect } from "vitest";
import { parse, stringify } from "yaml";

/* What somebody else made before this program came: a database in us-east-1 and its replica in us-west-2. */

const password = "a-password-of-theirs";

/** Makes both and names them in the stack files, so that the first update adopts them. */
export async function makeEstate(cloud: LocalCloud): Promise<void> {
  const { rds, json } = callsByHand(cloud, workload);
  const untilAvailable = (region: string, identifier: string) =>
    expect
      .poll(() => rds(region, "DescribeDBInstances", { DBInstanceIdentifier: identifier }), {
        timeout: 60_000,
      })
      .toContain("<DBInstanceStatus>available<");
  await rds("us-east-1", "CreateDBInstance", {
    DBInstanceIdentifier: "legacy",
    DBInstanceClass: "db.t4g.medium",
    Engine: "mysql",
    EngineVersion: "8.4.5",
    AllocatedStorage: "100",
    DBName: "orders",
    MasterUsername: "theirs",
    MasterUserPassword: password,
    StorageEncrypted: "true",
    BackupRetentionPeriod: "7",
  });
  await untilAvailable("us-east-1", "legacy");
  const described = await rds("us-east-1", "DescribeDBInstances", {
    DBInstanceIdentifier: "legacy",
  });
  const { KeyMetadata } = await json("us-west-2", "kms", "CreateKey", {});
  await rds("us-west-2", "CreateDBInstanceReadReplica", {
    DBInstanceIdentifier: "legacy-copy",
    SourceDBInstanceIdentifier: /<DBInstanceArn>([^<]*)/.exec(described)?.[1] ?? "",
    KmsKeyId: String((KeyMetadata as { readonly Arn?: string }).Arn),
    BackupRetentionPeriod: "7",
  });
  await untilAvailable("us-west-2", "legacy-copy");
  await adopt(cloud, "prod-east", "legacy");
  await adopt(cloud, "prod-west", "legacy-copy");
}

async function adopt({ projectFolder }: LocalCloud, stack: string, identifier: string) {
  const path = join(projectFolder, `Pulumi.${stack}.yaml`);
  const file = parse(await readFile(path, "utf8")) as { readonly config: object };
  const config = { ...file.config, "standby:database": { existing: { identifier } } };
  await writeFile(path, stringify({ ...file, config }));
}

/** The credentials of the adopted database, behind the name: the program does not know them. */
export async function putEstateSecret(cloud: LocalCloud): Promise<void> {
  await callsByHand(cloud, workload).json("us-east-1", "secretsmanager", "PutSecretValue", {
    SecretId: "orders-prod/database",
    ClientRequestToken: crypto.randomUUID(),
    SecretString: JSON.stringify({
      engine: "mysql",
      host: "db.orders.internal",
      username: "theirs",
      password,
      dbname: "orders",
    }),
  });
}
