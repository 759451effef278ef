import { describe, expect, it } from "vitest";
import { account, addressOf } from "./mock-aws.ts";
import { type DeclaredResource, failure, type Run, run, type World } from "./stack-mocks.ts";
import {
  eastOutputs,
  failedOver,
  firstWest,
  laterEast,
  laterWest,
  standalone,
  stray,
  westAlone,
} from "./worlds.ts";

const instance = "aws:rds/instance:Instance";
const recordType = "aws:route53/record:Record";
const eastAddress = addressOf("orders-prod-1", "us-east-1");
const westAddress = addressOf("orders-prod-1", "us-west-2");
const failover = { "standby:failover": "true" };
const readOnlyFailover = { "standby:readOnlyFailover": "true" };

const database = ({ resource }: Run): DeclaredResource => resource(instance, "database-1");
const record = ({ resource }: Run): DeclaredResource => resource(recordType, "record");

/** Everything but `replicateSourceDb`, in every role and state. */
const alwaysOfTheReplica = {
  identifier: "orders-prod-1",
  instanceClass: "db.t4g.medium",
  storageType: "gp3",
  storageEncrypted: true,
  kmsKeyId: eastOutputs.encryptionKeyArns["us-west-2"],
  dbSubnetGroupName: "database-1-subnets-1a2b3c4",
  parameterGroupName: "database-1-parameters-1a2b3c4",
  vpcSecurityGroupIds: ["database-1-access-id"],
  publiclyAccessible: false,
  backupRetentionPeriod: 7,
  autoMinorVersionUpgrade: false,
  copyTagsToSnapshot: true,
  caCertIdentifier: "rds-ca-rsa2048-g1",
  applyImmediately: true,
  deletionProtection: true,
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: "orders-prod-1-final",
  tags: { "standby:service": "orders-prod", "standby:origin": eastOutputs.database.arn },
};
const promotion = {
  tags: { ...alwaysOfTheReplica.tags, "standby:promotion": "requested" },
};
const withSource = { ...alwaysOfTheReplica, replicateSourceDb: eastOutputs.database.arn };

const keepsItsSource = ["replicateSourceDb"];

describe("the recovery Region's database", () => {
  it.each([
    ["before it exists", firstWest(), withSource, keepsItsSource],
    ["as a replica", laterWest(), withSource, keepsItsSource],
    ["as a replica that the CNAME names", laterWest(readOnlyFailover), withSource, keepsItsSource],
    ["while it is promoted", laterWest(failover), { ...alwaysOfTheReplica, ...promotion }, []],
    [
      "once it is standalone",
      laterWest(failover, standalone),
      { ...alwaysOfTheReplica, ...promotion },
      keepsItsSource,
    ],
    ["when somebody else promoted it", laterWest({}, stray), alwaysOfTheReplica, keepsItsSource],
  ])("has exactly these inputs %s", async (_, world, inputs, ignoreChanges) => {
    const { inputs: declared, options } = database(await run(world));
    expect(declared).toEqual(inputs);
    expect(options).toMatchObject({ protect: true, ignoreChanges, createTimeout: "24h" });
  });
});

describe("the record", () => {
  it("is a protected CNAME that this stack declares once", async () => {
    const west = await run(firstWest());
    expect(west.ofType(recordType)).toHaveLength(1);
    expect(record(west).inputs).toEqual({
      zoneId: "Z123",
      name: "db.orders.internal",
      type: "CNAME",
      ttl: 30,
      records: [eastAddress],
    });
    expect(record(west).options).toMatchObject({ protect: true, retainOnDelete: false });
  });

  it.each([
    ["the primary Region's database in normal times", laterWest(), eastAddress],
    ["this Region's replica under readOnlyFailover", laterWest(readOnlyFailover), westAddress],
    ["this Region's database under failover", laterWest(failover), westAddress],
    ["it still, once it is standalone", laterWest(failover, standalone), westAddress],
  ])("names %s", async (_, world, address) => {
    expect(record(await run(world)).inputs["records"]).toEqual([address]);
  });

  it("keeps what it holds when somebody else promoted the database, and the update warns", async () => {
    const west = await run(laterWest({}, stray));
    expect(record(west).options.ignoreChanges).toEqual(["records"]);
    expect(west.warnings).toEqual([
      expect.stringContaining("do not count on a failover of prod-west"),
    ]);
  });

  it("is moved by every other update, which warns of nothing", async () => {
    for (const world of [laterWest(), laterWest(readOnlyFailover), laterWest(failover)]) {
      const west = await run(world);
      expect(record(west).options.ignoreChanges).toEqual([]);
      expect(west.warnings).toEqual([]);
    }
  });

  it("waits for nothing of this Region in normal times", async () => {
    expect(record(await run(firstWest())).options.dependsOn).toEqual([]);
  });

  it("waits for the database under failover", async () => {
    expect(record(await run(laterWest(failover))).options.dependsOn).toEqual([
      expect.stringMatching(/aws:rds\/instance:Instance::database-1$/),
    ]);
  });

  it("takes its TTL from the configuration", async () => {
    const west = await run(firstWest({ "standby:record": '{"ttlSeconds":5}' }));
    expect(record(west).inputs["ttl"]).toBe(5);
  });
});

describe("an older generation", () => {
  const second = {
    identifier: "orders-prod-2",
    sourceArn: eastOutputs.database.arn,
    tags: { "standby:origin": eastOutputs.database.arn },
  };

  it("stays declared, protected, with nothing of it compared, and the CNAME names the later one", async () => {
    const west = await run({ ...laterWest(readOnlyFailover), databases: [stray, second] });
    expect(west.resource(instance, "database-1").options).toMatchObject({
      protect: true,
      ignoreChanges: ["*"],
    });
    expect(west.resource(instance, "database-1").inputs).not.toHaveProperty("replicateSourceDb");
    expect(west.resource(instance, "database-2").inputs).toMatchObject({
      identifier: "orders-prod-2",
      replicateSourceDb: eastOutputs.database.arn,
      finalSnapshotIdentifier: "orders-prod-2-final",
    });
    expect(record(west).inputs["records"]).toEqual([addressOf("orders-prod-2", "us-west-2")]);
  });
});

describe("the record's post-condition", () => {
  const stillReplica = { sourceAfterUpdate: eastOutputs.database.arn };

  it("stops the record when the database is a replica after its update all the same", async () => {
    const { message, resources, outputs } = await failure({
      ...laterWest(failover),
      ...stillReplica,
    });
    expect(message).toContain("orders-prod-1 is still a read replica");
    expect(message).toMatch(
      /pulumi refresh -s prod-west --yes --target '\S+Instance::database-1' && pulumi up -s prod-west/,
    );
    expect(resources.filter(({ type }) => type === recordType)).toEqual([]);
    expect(outputs).toEqual({});
  });

  it("lets a preview show the move, which asks before the promotion", async () => {
    const west = await run({ ...laterWest(failover), ...stillReplica, dryRun: true });
    expect(record(west).inputs["records"]).toEqual([westAddress]);
  });

  it("asks nothing under readOnlyFailover, which promotes nothing", async () => {
    const west = await run({ ...laterWest(readOnlyFailover), ...stillReplica });
    expect(record(west).inputs["records"]).toEqual([westAddress]);
  });
});

describe("a flag", () => {
  const byName = ({ resources }: Run): Readonly<Record<string, unknown>> =>
    Object.fromEntries(resources.map(({ type, name, inputs }) => [`${type}::${name}`, inputs]));

  const changed = async (before: World, after: World): Promise<readonly string[]> => {
    const one = byName(await run(before));
    const other = byName(await run(after));
    expect(Object.keys(other).sort()).toEqual(Object.keys(one).sort());
    return Object.keys(one)
      .filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]))
      .sort();
  };

  it("failover changes the database and the record", async () => {
    expect(await changed(laterWest(), laterWest(failover))).toEqual([
      `${instance}::database-1`,
      `${recordType}::record`,
    ]);
  });

  it("readOnlyFailover changes the record", async () => {
    expect(await changed(laterWest(), laterWest(readOnlyFailover))).toEqual([
      `${recordType}::record`,
    ]);
  });

  it("failover changes nothing more once the database is standalone", async () => {
    expect(await changed(laterWest(failover), laterWest(failover, standalone))).toEqual([]);
  });
});

describe("the loss of the primary Region", () => {
  it("is survived without the primary's state, and changes nothing that was known of it", async () => {
    const alone = await run(westAlone(failover));
    const both = await run(laterWest(failover));
    expect(alone.outputs).toEqual(both.outputs);
    expect(alone.resources).toEqual(both.resources);
  });

  it.each([
    ["in normal times", laterWest(), []],
    [
      "under failover",
      laterWest(failover),
      ["aws:s3/getObject:getObject", "aws:s3/getObjects:getObjects"],
    ],
  ])("finds nothing of this stack in the primary Region %s", async (_, world, looks) => {
    const { resources, calls } = await run(world);
    expect(resources.filter(({ inputs }) => "region" in inputs)).toEqual([]);
    expect(resources.filter(({ type }) => type.startsWith("pulumi:providers"))).toEqual([]);
    const inPrimaryRegion = resources.filter(({ inputs }) =>
      ["availabilityZone", "vpcRegion", "kmsKeyId", "serviceName"].some((key) =>
        String(inputs[key]).includes("us-east-1"),
      ),
    );
    expect(inPrimaryRegion).toEqual([]);
    expect([...new Set(calls)].sort()).toEqual([
      "aws:index/getCallerIdentity:getCallerIdentity",
      "aws:rds/getInstance:getInstance",
      "aws:rds/getInstances:getInstances",
      ...looks,
    ]);
  });
});

describe("the place of the state", () => {
  const backendUrl = "s3://states?region=us-east-1";

  it.each([
    ["the recovery stack", laterWest()],
    ["the primary stack", laterEast()],
  ])("in the primary Region is warned of by %s, which goes on", async (_, world) => {
    const { warnings, resources } = await run({ ...world, backendUrl });
    expect(warnings).toEqual([expect.stringContaining("the backend of the state is in us-east-1")]);
    expect(resources.length).toBeGreaterThan(0);
  });
});

describe("the recovery stack's outputs", () => {
  it.each([
    ["us-east-1", laterWest()],
    ["us-west-2", laterWest(readOnlyFailover)],
    ["us-west-2", laterWest(failover)],
    ["us-west-2", failedOver(failover)],
  ])("say that the CNAME names %s, and hand the primary's on", async (recordRegion, world) => {
    const { outputs } = await run(world);
    expect(outputs).toMatchObject({
      role: "recovery",
      region: "us-west-2",
      secretArn: `arn:aws:secretsmanager:us-west-2:${account}:secret:orders-prod/database-AbCdEf`,
      peeringConnectionId: "network-peer-id",
      recordRegion,
      primary: eastOutputs,
    });
  });
});
