import { describe, expect, it } from "vitest";
import { account, addressOf, databaseArn } from "./mock-aws.ts";
import { type Run, run, type World } from "./stack-mocks.ts";
import { configOf, firstEast, laterEast } from "./worlds.ts";

const instance = "aws:rds/instance:Instance";

describe("the primary stack's Regions", () => {
  it("leaves the Region of everything to the stack, but for the recovery Region's key", async () => {
    const { resources } = await run(laterEast());
    const elsewhere = resources.filter(({ inputs }) => "region" in inputs);
    expect(elsewhere.map(({ type, name, inputs }) => [type, name, inputs["region"]])).toEqual([
      ["aws:kms/key:Key", "secret-key-us-west-2", "us-west-2"],
    ]);
  });

  it("makes one protected, rotating key a Region and gives each copy of the secret its own", async () => {
    const east = await run(laterEast());
    for (const key of east.ofType("aws:kms/key:Key")) {
      expect(key.options.protect).toBe(true);
      expect(key.inputs["enableKeyRotation"]).toBe(true);
    }
    const secret = east.resource("aws:secretsmanager/secret:Secret", "secret");
    expect(secret.inputs).toMatchObject({
      name: "orders-prod/database",
      kmsKeyId: `arn:aws:kms:us-east-1:${account}:key/secret-key`,
      replicas: [
        {
          region: "us-west-2",
          kmsKeyId: `arn:aws:kms:us-west-2:${account}:key/secret-key-us-west-2`,
        },
      ],
      forceOverwriteReplicaSecret: false,
    });
    expect(secret.options.protect).toBe(true);
  });
});

describe("a Region that leaves the secret's replicas", () => {
  const secret = (replicaRegions: readonly string[]) => ({
    "standby:secret": JSON.stringify({ replicaRegions, allowReplicaRemoval: ["us-west-2"] }),
  });

  it("loses its copy when that is allowed, keeps its protected key, and stays known", async () => {
    const east = await run(laterEast(secret(["eu-west-1"])));
    const { inputs } = east.resource("aws:secretsmanager/secret:Secret", "secret");
    expect((inputs["replicas"] as { region: string }[]).map(({ region }) => region)).toEqual([
      "eu-west-1",
    ]);
    expect(east.resource("aws:kms/key:Key", "secret-key-us-west-2").options.protect).toBe(true);
    expect(east.outputs["keptKeyRegions"]).toEqual(["us-west-2"]);
    expect(east.outputs["encryptionKeyArns"]).not.toHaveProperty("us-west-2");
  });

  it("is nobody's business while a Region is only added", async () => {
    const east = await run(laterEast(secret(["us-west-2", "eu-west-1"])));
    expect(east.ofType("aws:kms/key:Key").map(({ name }) => name)).toContain(
      "secret-key-eu-west-1",
    );
    expect(east.outputs).not.toHaveProperty("keptKeyRegions");
  });
});

describe("the source database", () => {
  it("has exactly these inputs", async () => {
    const { resource } = await run(laterEast());
    const { inputs, options } = resource(instance, "database-1");
    expect(inputs).toEqual({
      identifier: "orders-prod-1",
      engine: "mysql",
      engineVersion: "8.4",
      instanceClass: "db.t4g.medium",
      allocatedStorage: 100,
      storageType: "gp3",
      storageEncrypted: true,
      kmsKeyId: `arn:aws:kms:us-east-1:${account}:key/secret-key`,
      dbName: "orders",
      username: "orders_admin",
      port: 3306,
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
      tags: { "standby:service": "orders-prod", "standby:origin": "created" },
    });
    expect(options).toMatchObject({ protect: true, createTimeout: "24h" });
  });

  it("refuses connections without TLS, replicates by row and GTID, and takes writes unless it is a replica", async () => {
    const { resource } = await run(firstEast());
    const { inputs } = resource("aws:rds/parameterGroup:ParameterGroup", "database-1-parameters");
    const parameters = inputs["parameters"] as readonly { name: string; value: string }[];
    expect(inputs["family"]).toBe("mysql8.4");
    expect(Object.fromEntries(parameters.map(({ name, value }) => [name, value]))).toEqual({
      "gtid-mode": "ON",
      binlog_format: "ROW",
      enforce_gtid_consistency: "ON",
      read_only: "{TrueIfReplica}",
      require_secure_transport: "1",
    });
  });
});

describe("the zone", () => {
  it("is protected, ignores the other Region's association, and forgets absent names after a minute", async () => {
    const { resource } = await run(firstEast());
    const zone = resource("aws:route53/zone:Zone", "zone");
    expect(zone.options).toMatchObject({ protect: true, ignoreChanges: ["vpcs"] });
    const soa = resource("aws:route53/record:Record", "zone-soa");
    expect(soa.inputs).toEqual({
      zoneId: "Z123",
      name: "orders.internal",
      type: "SOA",
      ttl: 60,
      records: ["ns-0.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 60"],
      allowOverwrite: true,
    });
    expect(soa.options).toMatchObject({ protect: true, retainOnDelete: true });
  });

  it("holds no CNAME: that one belongs to the recovery stack", async () => {
    const { ofType } = await run(laterEast());
    expect(ofType("aws:route53/record:Record").map(({ inputs }) => inputs["type"])).toEqual([
      "SOA",
    ]);
  });

  it("is left alone when it exists, but for this Region's VPC, which joins it", async () => {
    const existing = { existing: { zoneId: "Z9", name: "orders.internal" } };
    const { resources, outputs } = await run({
      ...firstEast({ "standby:zone": JSON.stringify(existing) }),
      zone: { name: "orders.internal", privateZone: true },
    });
    const ofRoute53 = resources.filter(({ type }) => type.startsWith("aws:route53/"));
    expect(ofRoute53.map(({ type, inputs }) => [type, inputs])).toEqual([
      [
        "aws:route53/zoneAssociation:ZoneAssociation",
        { zoneId: "Z9", vpcId: "network-id", vpcRegion: "us-east-1" },
      ],
    ]);
    expect(outputs["zoneId"]).toBe("Z9");
  });
});

describe("the way between the Regions", () => {
  const ingress = ({ resource }: Run) =>
    resource("aws:ec2/securityGroup:SecurityGroup", "database-1-access").inputs["ingress"];

  it("stays closed until the recovery stack exists", async () => {
    const ran = await run(firstEast());
    const { ofType } = ran;
    expect(ofType("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter")).toEqual([]);
    expect(ofType("aws:ec2/route:Route")).toEqual([]);
    expect(ingress(ran)).toMatchObject([{ cidrBlocks: ["10.10.0.0/16"] }]);
  });

  it("is accepted, routed and opened by the next update", async () => {
    const ran = await run(laterEast());
    const { resource } = ran;
    expect(
      resource("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter", "network-peer")
        .inputs,
    ).toMatchObject({ vpcPeeringConnectionId: "pcx-0west", autoAccept: true });
    expect(resource("aws:ec2/route:Route", "network-peer").inputs).toEqual({
      routeTableId: "network-routes-id",
      destinationCidrBlock: "10.20.0.0/16",
      vpcPeeringConnectionId: "pcx-0west",
    });
    expect(ingress(ran)).toMatchObject([
      { cidrBlocks: ["10.10.0.0/16"] },
      { cidrBlocks: ["10.20.0.0/16"], protocol: "tcp", fromPort: 3306, toPort: 3306 },
    ]);
  });

  it("is nobody's business in a network that exists", async () => {
    const network = JSON.stringify({
      existing: {
        vpcId: "vpc-0a",
        subnetIds: ["subnet-0a", "subnet-0b"],
        cidr: "10.10.0.0/16",
        peerCidr: "10.20.0.0/16",
      },
    });
    const { resources, resource, outputs } = await run(laterEast({ "standby:network": network }));
    expect(
      resources.filter(({ name }) => name.startsWith("network")).map(({ name }) => name),
    ).toEqual([]);
    expect(resource("aws:rds/subnetGroup:SubnetGroup", "database-1-subnets").inputs).toMatchObject({
      subnetIds: ["subnet-0a", "subnet-0b"],
    });
    expect(outputs["vpcId"]).toBe("vpc-0a");
  });
});

describe("the primary Region's function", () => {
  const variables = async (world: World): Promise<unknown> =>
    (await run(world)).resource("aws:lambda/function:Function", "orders-api").inputs["environment"];

  it("reads the secret of its own Region", async () => {
    expect(await variables(firstEast())).toEqual({
      variables: {
        SECRET_NAME: `arn:aws:secretsmanager:us-east-1:${account}:secret:orders-prod/database-AbCdEf`,
        REGION_NAME: "us-east-1",
        DATABASE_HOSTS: "orders-prod-*.ceast1.us-east-1.rds.amazonaws.com",
      },
    });
  });

  it("allows the recovery Region's database once that one is known", async () => {
    expect(await variables(laterEast())).toMatchObject({
      variables: {
        DATABASE_HOSTS:
          "orders-prod-*.ceast1.us-east-1.rds.amazonaws.com,orders-prod-*.cwest2.us-west-2.rds.amazonaws.com",
      },
    });
  });
});

describe("the primary stack's outputs", () => {
  it("hand over what the recovery stack needs", async () => {
    const { outputs } = await run(laterEast());
    expect(outputs).toEqual({
      role: "primary",
      region: "us-east-1",
      service: "orders-prod",
      databaseHostName: "db.orders.internal",
      database: {
        identifier: "orders-prod-1",
        arn: databaseArn("orders-prod-1", "us-east-1"),
        address: addressOf("orders-prod-1", "us-east-1"),
        port: 3306,
      },
      databaseFenced: false,
      secretArn: `arn:aws:secretsmanager:us-east-1:${account}:secret:orders-prod/database-AbCdEf`,
      functionName: "orders-prod-orders-api",
      functionUrl: "https://orders-prod-orders-api.lambda-url.us-east-1.on.aws/",
      probeFunctionName: "orders-prod-probe",
      zoneId: "Z123",
      vpcId: "network-id",
      vpcCidr: "10.10.0.0/16",
      encryptionKeyArns: {
        "us-east-1": `arn:aws:kms:us-east-1:${account}:key/secret-key`,
        "us-west-2": `arn:aws:kms:us-west-2:${account}:key/secret-key-us-west-2`,
      },
    });
  });

  it("are the same whichever order the configuration's keys have", async () => {
    const config = configOf("prod-east");
    const reversed = Object.fromEntries(Object.entries(config).reverse());
    expect((await run({ stack: "prod-east", config: reversed })).outputs).toEqual(
      (await run({ stack: "prod-east", config })).outputs,
    );
  });
});
