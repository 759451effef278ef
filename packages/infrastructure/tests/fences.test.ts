import { describe, expect, it } from "vitest";
import { addressOf } from "./mock-aws.ts";
import { type Run, run, type World } from "./stack-mocks.ts";
import {
  eastOutputs,
  failedOver,
  firstEast,
  laterEast,
  laterWest,
  rebuiltEast,
  rebuiltOutputs,
  returning,
  standalone,
  stray,
  westOutputs,
} from "./worlds.ts";

const instance = "aws:rds/instance:Instance";
const group = "aws:rds/parameterGroup:ParameterGroup";
const fenced = { "standby:fenced": "true" };

/** `read_only` of every generation's own parameter group, and what an update does not compare of it. */
const fences = (run: Run): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    run.ofType(group).map(({ name, inputs, options }) => {
      const parameters = inputs["parameters"] as readonly { name: string; value: string }[];
      const value = parameters.find((parameter) => parameter.name === "read_only")?.value;
      return [name.replace("-parameters", ""), [value, ...options.ignoreChanges]];
    }),
  );
const ofReplica = ["{TrueIfReplica}"];
const retired = ["1", "family", "description", "tags"];

/** As after a failover: the CNAME names the recovery Region's database, which takes writes. */
const failedAway = (changes?: Readonly<Record<string, string>>): World => ({
  ...laterEast(changes),
  outputs: {
    "organization/standby/prod-east": eastOutputs,
    "organization/standby/prod-west": {
      ...westOutputs,
      recordRegion: "us-west-2",
      databaseMode: "standalone",
    },
  },
});
const rebuilding = { "standby:replicateFrom": westOutputs.database.arn };
const eastReplica = { ...rebuiltEast, sourceArn: westOutputs.database.arn };

describe("a database's own parameter group", () => {
  it.each<[string, World, Readonly<Record<string, unknown>>]>([
    ["leaves writes to RDS in a first deployment", firstEast(), { "database-1": ofReplica }],
    ["fences the source", laterEast(fenced), { "database-1": ["1"] }],
    ["fences the replica", laterWest(fenced), { "database-1": ["1"] }],
    [
      "is left as it is on a source that was failed away from",
      failedAway(),
      { "database-1": ["{TrueIfReplica}", "parameters"] },
    ],
    ["fences that source", failedAway(fenced), { "database-1": ["1"] }],
    [
      "opens the recovery Region's database under failover",
      failedOver({ "standby:failover": "true" }),
      { "database-1": ofReplica },
    ],
    [
      "fences the generation that gets a successor, and not the successor",
      failedAway(rebuilding),
      { "database-1": retired, "database-2": ofReplica },
    ],
    [
      "keeps the older generation fenced whatever the flag says of the later one",
      {
        ...failedAway({ ...rebuilding, ...fenced }),
        databases: [{ identifier: "orders-prod-1" }, eastReplica],
      },
      { "database-1": retired, "database-2": ["1"] },
    ],
  ])("%s", async (_, world, expected) => {
    expect(fences(await run(world))).toEqual(expected);
  });

  it("is never set to 0, which would let a replica take writes", async () => {
    for (const world of [laterEast(), laterWest(), laterWest(fenced), failedAway(rebuilding)])
      expect(JSON.stringify((await run(world)).ofType(group))).not.toMatch(
        /"read_only","value":"0"/,
      );
  });

  it("is told to the other stack", async () => {
    expect((await run(laterEast(fenced))).outputs["databaseFenced"]).toBe(true);
    expect((await run(laterWest())).outputs["databaseFenced"]).toBe(false);
  });
});

describe("the primary Region's next generation", () => {
  const next = async () => run(failedAway(rebuilding));

  it("is a protected replica of the recovery Region's database, with no argument of a source and with this Region's key", async () => {
    const { inputs, options } = (await next()).resource(instance, "database-2");
    expect(inputs).toMatchObject({
      identifier: "orders-prod-2",
      replicateSourceDb: westOutputs.database.arn,
      kmsKeyId: expect.stringContaining(":us-east-1:"),
      tags: { "standby:origin": westOutputs.database.arn },
      finalSnapshotIdentifier: "orders-prod-2-final",
    });
    for (const input of ["username", "password", "dbName", "engine", "allocatedStorage"])
      expect(inputs).not.toHaveProperty(input);
    expect(options).toMatchObject({ protect: true, createTimeout: "24h" });
  });

  it("stands beside the older one, which keeps its arguments and is compared with nothing", async () => {
    const { inputs, options } = (await next()).resource(instance, "database-1");
    expect(inputs).toMatchObject({ identifier: "orders-prod-1", username: "orders_admin" });
    expect(options).toMatchObject({ protect: true, ignoreChanges: ["*"] });
  });

  it("accepts both Regions' networks", async () => {
    const group = (await next()).resource(
      "aws:ec2/securityGroup:SecurityGroup",
      "database-2-access",
    );
    expect(group.inputs["ingress"]).toMatchObject([
      { cidrBlocks: ["10.10.0.0/16"] },
      { cidrBlocks: ["10.20.0.0/16"] },
    ]);
  });

  it("is the database of this stack's outputs, and allowed by the name of its service and Region", async () => {
    const east = await next();
    expect(east.outputs["database"]).toMatchObject({ identifier: "orders-prod-2" });
    const before = await run(failedAway());
    const hosts = (ran: Run) =>
      ran.resource("aws:lambda/function:Function", "orders-api").inputs["environment"];
    expect(hosts(east)).toEqual(hosts(before));
  });

  it("asks for nothing more once it was promoted, by whatever API call", async () => {
    const databases = [{ identifier: "orders-prod-1" }, rebuiltEast];
    const east = await run({ ...failedAway(rebuilding), databases });
    const { inputs, options } = east.resource(instance, "database-2");
    expect(inputs).not.toHaveProperty("replicateSourceDb");
    expect(options.ignoreChanges).toEqual(["replicateSourceDb"]);
    expect(fences(east)["database-2"]).toEqual(ofReplica);
  });
});

describe("the recovery Region's next generation", () => {
  it("is a replica of the primary Region's, and the CNAME stays with that", async () => {
    const world = laterWest({ "standby:replicateFrom": rebuiltOutputs.database.arn }, stray);
    const outputs = { ...world.outputs, "organization/standby/prod-east": rebuiltOutputs };
    const west = await run({ ...world, outputs });
    expect(west.resource(instance, "database-2").inputs).toMatchObject({
      replicateSourceDb: rebuiltOutputs.database.arn,
      kmsKeyId: eastOutputs.encryptionKeyArns["us-west-2"],
      tags: { "standby:origin": rebuiltOutputs.database.arn },
    });
    expect(west.resource("aws:route53/record:Record", "record").inputs["records"]).toEqual([
      addressOf("orders-prod-2", "us-east-1"),
    ]);
    expect(west.outputs).toMatchObject({ databaseMode: "replica", recordRegion: "us-east-1" });
  });
});

describe("a return of the CNAME", () => {
  const record = (ran: Run) => ran.resource("aws:route53/record:Record", "record");

  it("names the primary Region's promoted database, after this Region's was fenced", async () => {
    const west = await run(returning(rebuiltEast, rebuiltOutputs));
    expect(record(west).inputs["records"]).toEqual([addressOf("orders-prod-2", "us-east-1")]);
    expect(record(west).options.dependsOn).toEqual([
      expect.stringMatching(/aws:rds\/instance:Instance::database-1$/),
    ]);
    expect(fences(west)).toEqual({ "database-1": ["1"] });
    expect(west.resource(instance, "database-1").inputs["tags"]).not.toHaveProperty(
      "standby:promotion",
    );
    expect(west.outputs).toMatchObject({ recordRegion: "us-east-1", databaseFenced: true });
  });

  it("waits, with the fence up, while that database is still a replica", async () => {
    const west = await run(returning(eastReplica, rebuiltOutputs));
    expect(record(west).options.ignoreChanges).toEqual(["records"]);
    expect(fences(west)).toEqual({ "database-1": ["1"] });
    expect(west.warnings).toEqual([expect.stringContaining("nobody can write meanwhile")]);
    expect(west.outputs).toMatchObject({ databaseMode: "standalone" });
  });

  it("leaves a database that a failover may not move to without a person's word", async () => {
    const world = failedOver({ ...fenced }, [{ ...standalone, ...stray }]);
    const outputs = {
      "organization/standby/prod-east": rebuiltOutputs,
      "organization/standby/prod-west": {
        ...westOutputs,
        databaseMode: "standalone",
        databaseFenced: true,
        primary: rebuiltOutputs,
      },
    };
    const west = await run({ ...world, outputs });
    expect(record(west).options.ignoreChanges).toEqual(["records"]);
    expect(west.warnings).toEqual([expect.stringContaining("replicateFrom")]);
  });
});
