import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { ListHostedZonesCommand, ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { somebodyIn } from "./support/by-hand.ts";
import { askOrders } from "./support/orders.ts";
import {
  deploy,
  deployPair,
  east,
  mutating,
  type Pair,
  type PairNames,
  typingIn,
} from "./support/pair.ts";
import { editStackFile } from "./support/stack-file.ts";

const names: PairNames = {
  primary: "staging-east",
  recovery: "staging-west",
  hostName: "db.staging.internal",
};
const networkOf = (own: number, peer: number) => ({
  cidr: `10.${own}.0.0/16`,
  peerCidr: `10.${peer}.0.0/16`,
});

/** A second pair in the same account, from copies of the first one's files. */
async function deploySecondPair({ cloud }: Pair): Promise<Pair> {
  const common = { service: "orders-staging", databaseHostName: names.hostName };
  await editStackFile(
    cloud,
    names.primary,
    {
      ...common,
      recoveryStack: names.recovery,
      network: networkOf(30, 40),
      zone: { name: "staging.internal" },
    },
    "prod-east",
  );
  await editStackFile(
    cloud,
    names.recovery,
    { ...common, primaryStack: names.primary, network: networkOf(40, 30) },
    "prod-west",
  );
  const pair = typingIn(cloud, names);
  for (const stack of [names.primary, names.recovery])
    expect(await pair.pulumi("stack", "init", stack, "--no-select")).toMatchObject({ exitCode: 0 });
  await deploy(pair, names.primary, names.recovery, names.primary);
  return pair;
}

const order = async (
  { cloud }: Pair,
  region: string,
  service: string,
  key: string,
): Promise<number> => {
  const request = { method: "POST", path: "/orders", key } as const;
  return (await askOrders(cloud, region, `${service}-orders-api`, request)).status;
};

/** Everything of the first pair that AWS shows: databases, secret and record. */
async function estateOfProd({ cloud }: Pair) {
  using primary = somebodyIn(cloud, "us-east-1");
  using recovery = somebodyIn(cloud, "us-west-2");
  const databases = await Promise.all(
    [primary, recovery].map(async ({ rds }) => {
      const identifier = { DBInstanceIdentifier: "orders-prod-1" };
      const { DBInstances } = await rds.send(new DescribeDBInstancesCommand(identifier));
      // It moves by itself.
      return DBInstances?.map(({ LatestRestorableTime, ...database }) => database);
    }),
  );
  const { LastAccessedDate, ...secret } = await primary.secretsManager.send(
    new DescribeSecretCommand({ SecretId: "orders-prod/database" }),
  );
  const { HostedZones = [] } = await primary.route53.send(new ListHostedZonesCommand({}));
  const zone = HostedZones.find(({ Name }) => Name === "orders.internal.");
  const { ResourceRecordSets } = await primary.route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zone?.Id }),
  );
  return { databases, secret: { ...secret, $metadata: undefined }, zone, ResourceRecordSets };
}

describe("a second pair in the same account", () => {
  let prod: Pair;
  let staging: Pair;
  beforeAll(async () => {
    prod = await deployPair();
    staging = await deploySecondPair(prod);
  }, 400_000);
  afterAll(async () => {
    await prod?.[Symbol.asyncDispose]();
  });

  it("comes up beside the first one and leaves nothing to do in any of the four stacks", async () => {
    for (const stack of ["prod-east", "prod-west", names.primary, names.recovery])
      expect(await staging.expectNoChanges(stack)).toMatchObject({ exitCode: 0 });
    expect(await prod.recordTarget()).toBe(east);
    expect(await staging.recordTarget()).toBe("orders-staging-1 in us-east-1");
  });

  it("fails over without a call, a state or an application of the first one", async () => {
    for (const service of ["orders-prod", "orders-staging"])
      expect(await order(prod, "us-east-1", service, "before")).toBe(201);
    const before = await estateOfProd(prod);
    const states = [await prod.state("prod-east"), await prod.state("prod-west")];

    const after = prod.cloud.calls().length;
    await staging.setFlag("failover", true);
    await deploy(staging, names.recovery);
    expect(mutating(staging.operations({ after }))).toEqual([
      "rds:AddTagsToResource",
      "rds:PromoteReadReplica",
      "route53:ChangeResourceRecordSets",
    ]);
    await expect
      .poll(staging.recordTarget, { timeout: 10_000 })
      .toBe("orders-staging-1 in us-west-2");

    expect(await estateOfProd(prod)).toEqual(before);
    expect([await prod.state("prod-east"), await prod.state("prod-west")]).toEqual(states);
    expect(await prod.recordTarget()).toBe(east);
    await expect
      .poll(() => order(prod, "us-west-2", "orders-staging", "after"), { timeout: 20_000 })
      .toBe(201);
    expect(await order(prod, "us-east-1", "orders-prod", "after")).toBe(201);
    for (const stack of ["prod-east", "prod-west", names.recovery])
      expect(await staging.expectNoChanges(stack)).toMatchObject({ exitCode: 0 });
  });
});
