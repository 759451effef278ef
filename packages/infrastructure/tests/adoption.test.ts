import { describe, expect, it } from "vitest";
import { account, addressOf, databaseArn } from "./mock-aws.ts";
import { failure, type LiveDatabase, run, type World } from "./stack-mocks.ts";
import { eastOutputs, firstEast, firstWest, westOutputs } from "./worlds.ts";

const instance = "aws:rds/instance:Instance";
const path = (stack: string): string => `organization/standby/${stack}`;
const adopts = (identifier: string) => ({
  "standby:database": JSON.stringify({ existing: { identifier } }),
});

const source: LiveDatabase = { identifier: "legacy", untagged: true };
const replica: LiveDatabase = {
  identifier: "legacy-copy",
  untagged: true,
  sourceArn: databaseArn("legacy", "us-east-1"),
};
const requested = { "standby:promotion": "requested" };
const promoted: LiveDatabase = { identifier: "legacy-copy", untagged: true, tags: requested };

const outputOf = (identifier: string, region: string) => ({
  identifier,
  arn: databaseArn(identifier, region),
  address: addressOf(identifier, region),
  port: 3306,
});
const adoptedEast = { ...eastOutputs, database: outputOf("legacy", "us-east-1") };
const adoptedWest = {
  ...westOutputs,
  database: outputOf("legacy-copy", "us-west-2"),
  primary: adoptedEast,
};

const east = (database: LiveDatabase = source): World => ({
  ...firstEast(adopts("legacy")),
  databases: [database],
});
const west = (
  flags: Readonly<Record<string, string>> = {},
  database: LiveDatabase = replica,
  last: Readonly<Record<string, unknown>> = adoptedWest,
): World => ({
  ...firstWest({ ...adopts("legacy-copy"), ...flags }),
  databases: [database],
  outputs: { [path("prod-east")]: adoptedEast, [path("prod-west")]: last },
});
const failover = { "standby:failover": "true" };

describe("an adopted database of the primary Region", () => {
  it("is read and not declared: no instance, no group of its own, no first value", async () => {
    const { resources, outputs } = await run(east());
    const types = resources.map(({ type }) => type);
    expect(types.filter((type) => type.startsWith("aws:rds/"))).toEqual([]);
    expect(types).not.toContain("aws:secretsmanager/secretVersion:SecretVersion");
    expect(outputs["database"]).toEqual(outputOf("legacy", "us-east-1"));
  });

  it("is allowed to the function by its very name, and so are those that follow it", async () => {
    const { resource } = await run(east());
    const { inputs } = resource("aws:lambda/function:Function", "orders-api");
    expect(inputs["environment"]).toMatchObject({
      variables: {
        DATABASE_HOSTS:
          "legacy.ceast1.us-east-1.rds.amazonaws.com,orders-prod-*.ceast1.us-east-1.rds.amazonaws.com",
      },
    });
  });

  it("is the source of a replica that the recovery stack makes", async () => {
    const { resource } = await run({
      ...firstWest(),
      outputs: { [path("prod-east")]: adoptedEast },
    });
    expect(resource(instance, "database-1").inputs).toMatchObject({
      identifier: "orders-prod-1",
      replicateSourceDb: databaseArn("legacy", "us-east-1"),
    });
  });

  it.each([
    ["without backups", { backupRetentionDays: 0 }, "--backup-retention-period 7"],
    ["without encryption", { storageEncrypted: false }, "aws rds copy-db-snapshot"],
  ])("is adopted %s, and the update says what it lacks", async (_, lack, command) => {
    const { warnings } = await run(east({ ...source, ...lack }));
    expect(warnings).toEqual([expect.stringContaining(command)]);
  });

  it("is warned of in nothing otherwise", async () => {
    expect((await run(east())).warnings).toEqual([]);
  });
});

describe("an adopted replica", () => {
  it("is read, and the CNAME names the primary Region's database", async () => {
    const { ofType, resource, outputs } = await run(west());
    expect(ofType(instance)).toEqual([]);
    expect(outputs).toMatchObject({
      database: outputOf("legacy-copy", "us-west-2"),
      databaseMode: "replica",
    });
    expect(resource("aws:route53/record:Record", "record").inputs["records"]).toEqual([
      addressOf("legacy", "us-east-1"),
    ]);
  });

  it("can be named for reading", async () => {
    const { resource } = await run(west({ "standby:readOnlyFailover": "true" }));
    expect(resource("aws:route53/record:Record", "record").inputs["records"]).toEqual([
      addressOf("legacy-copy", "us-west-2"),
    ]);
  });

  it("is named for writing once it was promoted as asked", async () => {
    const { ofType, resource, outputs } = await run(west(failover, promoted));
    expect(ofType(instance)).toEqual([]);
    expect(outputs["databaseMode"]).toBe("standalone");
    const { inputs, options } = resource("aws:route53/record:Record", "record");
    expect(inputs["records"]).toEqual([addressOf("legacy-copy", "us-west-2")]);
    expect(options.dependsOn).toEqual([]);
  });

  it("stays the writer with the same flag, whatever its tags", async () => {
    const moved = { ...adoptedWest, recordRegion: "us-west-2", databaseMode: "standalone" };
    const { outputs } = await run(west(failover, { ...promoted, tags: {} }, moved));
    expect(outputs["recordRegion"]).toBe("us-west-2");
  });

  it("gives way to a replica of this stack's own when it is no longer named", async () => {
    const { resource, warnings } = await run({ ...west(), config: firstWest().config });
    expect(resource(instance, "database-1").inputs["identifier"]).toBe("orders-prod-1");
    expect(warnings).toEqual([
      expect.stringContaining("database.existing no longer names legacy-copy"),
    ]);
  });
});

describe("the adoption of a database is refused", () => {
  const identifier = "standby:database.existing.identifier:";
  it.each<[string, World, string, string]>([
    [
      "when it has the name of one that this program makes",
      firstEast(adopts("orders-prod-3")),
      `${identifier} has the name`,
      "Pulumi.prod-east.yaml",
    ],
    [
      "when there is none of that name",
      { ...east(), databases: [] },
      `${identifier} names no database`,
      "aws rds describe-db-instances --region us-east-1",
    ],
    [
      "when it is gone and a later one is there",
      {
        ...west(),
        databases: [{ identifier: "orders-prod-1", sourceArn: "a", tags: {} }],
      },
      `${identifier} names no database`,
      "pulumi config rm --path database.existing -s prod-west",
    ],
    [
      "for another engine",
      east({ ...source, engine: "postgres" }),
      `${identifier} names a database of another engine`,
      "aws rds describe-db-instances --db-instance-identifier legacy",
    ],
    [
      "when RDS keeps its password",
      east({ ...source, passwordManagedByRds: true }),
      `${identifier} names a database whose password`,
      "--no-manage-master-user-password",
    ],
    [
      "for a read replica in the primary Region",
      east({ ...source, sourceArn: databaseArn("other", "eu-west-1") }),
      `${identifier} names a read replica`,
      "ReadReplicaSourceDBInstanceIdentifier",
    ],
    [
      "for a replica of another database",
      west({}, { ...replica, sourceArn: databaseArn("other", "us-east-1") }),
      `${identifier} names a replica of another database`,
      "ReadReplicaSourceDBInstanceIdentifier",
    ],
    [
      "beside a database that the stack made",
      {
        ...east(),
        databases: [source, { identifier: "orders-prod-1", tags: { "standby:origin": "created" } }],
      },
      `${identifier} would put another database before orders-prod-1`,
      "pulumi config rm --path database.existing -s prod-east",
    ],
    [
      "when it is no longer named, because an empty one would take its place",
      { ...firstEast(), outputs: { [path("prod-east")]: adoptedEast } },
      "standby:database: no longer names legacy",
      "pulumi config set --path database.existing.identifier legacy -s prod-east",
    ],
    [
      "when it is to be fenced",
      { ...east(), config: firstEast({ ...adopts("legacy"), "standby:fenced": "true" }).config },
      "standby:fenced: asks for a change of legacy",
      "modify-db-parameter-group",
    ],
    [
      "when it is standalone and this stack never saw it otherwise",
      west({}, promoted, {}),
      "standby:service: the standalone database legacy-copy",
      "aws rds describe-db-instances",
    ],
    [
      "as the target of a failover that nobody asked its promotion for",
      west(failover, { ...promoted, tags: {} }),
      "standby:failover: legacy-copy was promoted by somebody else",
      "pulumi config set acceptDataLoss legacy-copy -s prod-west",
    ],
    [
      "as the target when an update without the flag saw it standalone in between",
      west(failover, promoted, { ...adoptedWest, databaseMode: "standalone" }),
      "standby:failover: legacy-copy was promoted by somebody else",
      "pulumi config set acceptDataLoss legacy-copy -s prod-west",
    ],
  ])("%s", async (_, world, key, next) => {
    const { message, resources } = await failure(world);
    expect(message).toContain(key);
    expect(message).toContain(next);
    expect(resources).toEqual([]);
  });

  it("as a failover by declaring, with the commands that promote it and go on", async () => {
    const { message, resources } = await failure(west(failover));
    expect(resources).toEqual([]);
    const commands = /next: (.*)/.exec(message)?.[1]?.split(" && ");
    expect(commands).toEqual([
      `aws rds add-tags-to-resource --resource-name arn:aws:rds:us-west-2:${account}:db:legacy-copy --tags Key=standby:promotion,Value=requested --region us-west-2`,
      "aws rds promote-read-replica --db-instance-identifier legacy-copy --backup-retention-period 7 --region us-west-2",
      "sleep 30",
      "aws rds wait db-instance-available --db-instance-identifier legacy-copy --region us-west-2",
      "pulumi up -s prod-west",
    ]);
  });
});

describe("a zone that exists is refused", () => {
  const zone = { existing: { zoneId: "Z9", name: "orders.internal" } };
  const withZone = (live?: NonNullable<World["zone"]>): World => ({
    ...firstEast({ "standby:zone": JSON.stringify(zone) }),
    ...(live ? { zone: live } : {}),
  });
  it.each([
    ["when Route 53 shows none", withZone(), "standby:zone.existing.zoneId: names no hosted zone"],
    [
      "under another name",
      withZone({ name: "payments.internal", privateZone: true }),
      "standby:zone.existing.name: is not the name",
    ],
    [
      "when it is public",
      withZone({ name: "orders.internal", privateZone: false }),
      "standby:zone.existing.zoneId: names a public zone",
    ],
  ])("%s", async (_, world, key) => {
    const { message, resources } = await failure(world);
    expect(message).toContain(key);
    expect(message).toContain("aws route53 get-hosted-zone --id Z9");
    expect(resources).toEqual([]);
  });

  it("never again once it was accepted: a lost Route 53 must not stop an update", async () => {
    const { calls } = await run({
      ...withZone(),
      databases: [{ identifier: "orders-prod-1", tags: { "standby:origin": "created" } }],
      outputs: { [path("prod-east")]: { ...eastOutputs, zoneId: "Z9" } },
    });
    expect(calls).not.toContain("aws:route53/getZone:getZone");
  });
});

describe("security groups that are given", () => {
  const network = JSON.stringify({
    existing: {
      vpcId: "vpc-0a",
      subnetIds: ["subnet-0a", "subnet-0b"],
      cidr: "10.10.0.0/16",
      peerCidr: "10.20.0.0/16",
      functionSecurityGroupIds: ["sg-0f"],
      databaseSecurityGroupIds: ["sg-0d"],
    },
  });

  it("are used by the function and the database, and none is made", async () => {
    const { resources, resource } = await run(firstEast({ "standby:network": network }));
    expect(resources.filter(({ type }) => /securityGroup/i.test(type))).toEqual([]);
    expect(resource(instance, "database-1").inputs["vpcSecurityGroupIds"]).toEqual(["sg-0d"]);
    expect(
      resource("aws:lambda/function:Function", "orders-api").inputs["vpcConfig"],
    ).toMatchObject({ securityGroupIds: ["sg-0f"] });
  });
});
