import type { LiveDatabase, LiveSecret, World } from "./stack-mocks.ts";

export const account = "123456789012";

const hash = { "us-east-1": "ceast1", "us-west-2": "cwest2" };

export const addressOf = (identifier: string, region: string): string =>
  `${identifier}.${hash[region as keyof typeof hash]}.${region}.rds.amazonaws.com`;

export const databaseArn = (identifier: string, region: string): string =>
  `arn:aws:rds:${region}:${account}:db:${identifier}`;

/** What AWS adds to a resource. A type that is not here has nothing but its id. */
export function computedOutputs(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
  stackRegion: string,
): Readonly<Record<string, unknown>> {
  const region = String(inputs["region"] ?? stackRegion);
  const identifier = String(inputs["identifier"]);
  const outputs: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
    "aws:rds/instance:Instance": () => ({
      arn: databaseArn(identifier, region),
      address: addressOf(identifier, region),
      port: 3306,
    }),
    "aws:rds/subnetGroup:SubnetGroup": () => ({ name: `${name}-1a2b3c4` }),
    "aws:rds/parameterGroup:ParameterGroup": () => ({ name: `${name}-1a2b3c4` }),
    "aws:secretsmanager/secret:Secret": () => ({
      arn: secretArn(String(inputs["name"]), region),
    }),
    "aws:kms/key:Key": () => ({ arn: `arn:aws:kms:${region}:${account}:key/${name}` }),
    "aws:route53/zone:Zone": () => ({ zoneId: "Z123", primaryNameServer: "ns-0.awsdns-00.com" }),
    "aws:iam/role:Role": () => ({ arn: `arn:aws:iam::${account}:role/${inputs["name"]}` }),
    "aws:s3/bucket:Bucket": () => ({ arn: `arn:aws:s3:::${inputs["bucket"]}` }),
    "aws:lambda/functionUrl:FunctionUrl": () => ({
      functionUrl: `https://${inputs["functionName"]}.lambda-url.${region}.on.aws/`,
    }),
    "aws:lambda/function:Function": () => ({
      arn: `arn:aws:lambda:${region}:${account}:function:${inputs["name"]}`,
    }),
    "aws:cloudwatch/eventRule:EventRule": () => ({
      arn: `arn:aws:events:${region}:${account}:rule/${inputs["name"]}`,
    }),
    "aws:cloudwatch/logGroup:LogGroup": () => ({
      arn: `arn:aws:logs:${region}:${account}:log-group:${inputs["name"]}`,
    }),
  };
  return outputs[type]?.() ?? {};
}

const getSecrets = "aws:secretsmanager/getSecrets:getSecrets";

export const secretArn = (name: string, region: string): string =>
  `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`;

function secretNamed(secrets: readonly LiveSecret[], wanted: unknown): LiveSecret {
  const secret = secrets.find(({ name }) => name === wanted);
  if (!secret)
    throw new Error(`reading Secrets Manager Secret (${wanted}): couldn't find resource`);
  return secret;
}

/** As the API filters: names by their beginning. */
const matches =
  (filters: unknown) =>
  ({ name, copiedFrom }: LiveSecret): boolean =>
    (filters as readonly { readonly name: string; readonly values: readonly string[] }[]).every(
      (filter) =>
        filter.values.some((value) =>
          filter.name === "name" ? name.startsWith(value) : copiedFrom === value,
        ),
    );

/** The invokes that a program may make. Any other one is a mistake, and fails the run. */
export function answer(
  world: World,
  token: string,
  inputs: Readonly<Record<string, unknown>>,
  region: string,
  updated: boolean,
): Record<string, unknown> {
  const asked = String(inputs["region"] ?? region);
  // The names of secrets are looked up elsewhere too, by the primary stack, where a first copy is to be made.
  const mayAskThere =
    world.primaryDatabases ?? (token === getSecrets && world.stack === "prod-east");
  if (asked !== region && !mayAskThere) throw new Error(`${token} asks another Region`);
  const live = (asked === region ? world.databases : world.primaryDatabases) ?? [];
  const secrets = world.secrets?.[asked] ?? [];
  switch (token) {
    case getSecrets:
      return { names: secrets.filter(matches(inputs["filters"])).map(({ name }) => name) };
    case "aws:secretsmanager/getSecret:getSecret": {
      const { name, keyId, service } = secretNamed(secrets, inputs["name"]);
      const tags = service === undefined ? {} : { "standby:service": service };
      return { arn: secretArn(name, region), name, kmsKeyId: keyId ?? "", tags };
    }
    case "aws:secretsmanager/getSecretVersion:getSecretVersion": {
      const read = secrets.find(({ name }) => secretArn(name, region) === inputs["secretId"]);
      return { secretString: read?.value };
    }
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: world.account ?? account };
    case "aws:rds/getInstances:getInstances":
      return { instanceIdentifiers: matching(live, inputs).map(({ identifier }) => identifier) };
    case "aws:route53/getZone:getZone": {
      if (!world.zone) throw new Error("reading Route 53 Hosted Zone: NoSuchHostedZone");
      return { ...world.zone };
    }
    case "aws:route53/getRecords:getRecords": {
      const pattern = new RegExp(String(inputs["nameRegex"]));
      const found = (world.records ?? []).filter(({ name }) => pattern.test(name));
      return { resourceRecordSets: found.map(recordSet) };
    }
    case "aws:s3/getObjects:getObjects":
      return { keys: recordOf(world) === null ? [] : [String(inputs["prefix"])] };
    case "aws:s3/getObject:getObject":
      return { body: recordOf(world) };
    case "aws:rds/getInstance:getInstance": {
      const identifier = String(inputs["dbInstanceIdentifier"]);
      const database = live.find((candidate) => candidate.identifier === identifier);
      if (!database) throw new Error(`reading RDS DB Instance (${identifier}): not found`);
      const source = updated && asked === region ? world.sourceAfterUpdate : database.sourceArn;
      return {
        dbInstanceIdentifier: identifier,
        dbInstanceArn: databaseArn(identifier, asked),
        address: addressOf(identifier, asked),
        port: 3306,
        engine: database.engine ?? "mysql",
        storageEncrypted: database.storageEncrypted ?? true,
        backupRetentionPeriod: database.backupRetentionDays ?? 7,
        masterUserSecrets: database.passwordManagedByRds ? [{ secretArn: "arn" }] : [],
        replicateSourceDb: source ?? "",
        masterUsername: database.username ?? "orders_admin",
        dbName: database.databaseName ?? "orders",
        tags: database.tags ?? {},
      };
    }
    default:
      throw new Error(`unexpected invoke of ${token}`);
  }
}

/** By tag a database of the service is found, by filter one of any owner. */
function matching(
  live: readonly LiveDatabase[],
  { filters }: Readonly<Record<string, unknown>>,
): readonly LiveDatabase[] {
  if (!Array.isArray(filters)) return live.filter(({ untagged }) => !untagged);
  const [{ values }] = filters as [{ readonly values: readonly string[] }];
  return live.filter(({ identifier }) => values.includes(identifier));
}

const recordOf = ({ replicationRecord, databases }: World): string | null =>
  replicationRecord === undefined
    ? JSON.stringify({
        schema: "standby.replication/1",
        at: new Date().toISOString(),
        identifier: databases?.at(-1)?.identifier ?? "orders-prod-1",
        mode: "replica",
        lagSeconds: 0,
      })
    : replicationRecord;

const recordSet = ({
  name,
  type = "CNAME",
  ttlSeconds = 300,
  values,
  setIdentifier,
}: NonNullable<World["records"]>[number]) => ({
  // As Route 53 writes names.
  name: `${name}.`,
  type,
  ttl: ttlSeconds,
  resourceRecords: values.map((value) => ({ value })),
  ...(setIdentifier ? { setIdentifier } : {}),
});
