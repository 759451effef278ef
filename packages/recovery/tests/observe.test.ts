import { expect, it, vi } from "vitest";
import { observe } from "../src/observe.ts";
import { type Answers, fakeAws } from "./support/fake-aws.ts";
import { deployment } from "./support/observation.ts";
import { primaryOutputs, recoveryOutputs } from "./support/outputs.ts";

// The SDK's paginator insists on a client of its own class.
vi.mock("@aws-sdk/client-rds", async (load) => ({
  ...(await load<object>()),
  async *paginateDescribeDBInstances({ client }: { client: { send(command: unknown): unknown } }) {
    yield await client.send(
      new (class DescribeDBInstancesCommand {
        readonly input = {};
      })(),
    );
  },
}));

const instance = (identifier: string, region: string, service = "orders-prod") => ({
  DBInstanceIdentifier: identifier,
  DBInstanceArn: `arn:aws:rds:${region}:123456789012:db:${identifier}`,
  DBInstanceStatus: "available",
  Endpoint: { Address: `${identifier}.x.${region}.rds.amazonaws.com` },
  TagList: [{ Key: "standby:service", Value: service }],
  DBParameterGroups: [{ DBParameterGroupName: "group", ParameterApplyStatus: "in-sync" }],
});

const answers: Answers = {
  DescribeDBInstances: (_, region) => ({
    DBInstances: [
      instance("orders-prod-2", region),
      instance("orders-prod-1", region),
      instance("orders-prod-3", region, "somebody-else"),
      instance("unrelated", region),
    ],
  }),
  DescribeDBParameters: () => ({
    Parameters: [{ ParameterName: "read_only", ParameterValue: "1" }],
  }),
  DescribeSecret: (_, region) => ({
    ARN: `arn:aws:secretsmanager:${region}:123456789012:secret:s`,
    PrimaryRegion: "us-east-1",
    VersionIdsToStages: { old: ["AWSPREVIOUS"], new: ["AWSCURRENT", "AWSPENDING"] },
    ReplicationStatus: [{ Region: "us-west-2", Status: "InSync" }],
  }),
  ListResourceRecordSets: () => ({
    ResourceRecordSets: [
      { Name: "db.orders.internal.", TTL: 30, ResourceRecords: [{ Value: "ONE.rds." }] },
    ],
  }),
};
const probe = () => ({ ok: true as const, answer: { target: "ONE.rds.", ttlSeconds: 30 } });
const options = {
  deployment,
  readOperation: async () => undefined,
  signal: new AbortController().signal,
};

it("finds the service's databases of both Regions, oldest generation first", async () => {
  const { clients } = fakeAws(answers, probe);
  const { regions } = await observe({ ...options, clients });
  for (const { databases } of [regions.primary, regions.recovery]) {
    if (!databases.seen) throw new Error(databases.problem.message);
    expect(databases.value.map(({ identifier }) => identifier)).toEqual([
      "orders-prod-1",
      "orders-prod-2",
    ]);
    expect(databases.value[0]).toMatchObject({ fenceInSync: true, mode: "standalone" });
  }
});

it("reads the labels of each copy of the secret and whose replica it is", async () => {
  const { clients } = fakeAws(answers, probe);
  const { regions } = await observe({ ...options, clients });
  expect(regions.recovery.secret).toMatchObject({
    value: { versionId: "new", pendingVersionId: "new", primaryRegion: "us-east-1" },
  });
  expect(regions.primary.secret).toMatchObject({
    value: { primaryRegion: undefined, replication: { "us-west-2": { status: "InSync" } } },
  });
});

it("compares names without case and without the dot that Route 53 adds", async () => {
  const { clients } = fakeAws(answers, probe);
  const { record, regions } = await observe({ ...options, clients });
  expect(record).toMatchObject({ value: { name: "db.orders.internal", target: "one.rds" } });
  expect(regions.recovery.answer).toMatchObject({ value: { target: "one.rds" } });
});

it("takes the name's target from the recovery Region's resolver when a health check moves it, and asks Route 53 nothing", async () => {
  const asked: string[] = [];
  const { clients } = fakeAws(
    {
      ...answers,
      ListResourceRecordSets: () => {
        asked.push("ListResourceRecordSets");
        return {};
      },
    },
    probe,
  );
  const recovery = { ...deployment.recovery, dnsSwitch: "health-check" as const };
  const { record } = await observe({
    ...options,
    deployment: { ...deployment, recovery },
    clients,
  });
  expect(record).toEqual({
    seen: true,
    value: { name: "db.orders.internal", target: "one.rds", ttlSeconds: 30 },
  });
  expect(asked).toEqual([]);
});

it("sees the recovery Region whole while the primary Region does not answer, and ends at the deadline", async () => {
  const { clients } = fakeAws(answers, probe, ["us-east-1"]);
  const began = performance.now();
  const { regions, record } = await observe({ ...options, clients, deadlineSeconds: 0.2 });
  expect(performance.now() - began).toBeLessThan(400);
  expect(regions.primary).toMatchObject({
    reachable: false,
    databases: { seen: false, problem: { kind: "unreachable" } },
    secret: { seen: false, problem: { kind: "unreachable" } },
  });
  expect(regions.recovery).toMatchObject({ reachable: true, databases: { seen: true } });
  expect(record.seen).toBe(true);
});

it("gives up a Region that is silent as a whole, and waits to the deadline where anything has answered", async () => {
  const { clients } = fakeAws(answers, probe, ["us-east-1"]);
  const began = performance.now();
  const { regions } = await observe({ ...options, clients, deadlineSeconds: 30 });
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(regions.primary).toMatchObject({
    reachable: false,
    databases: { problem: { message: "RDS in us-east-1: no answer within 1.5 s" } },
  });
});

it("waits for a probe that starts late in a Region whose RDS has answered", async () => {
  const late = async (_: unknown, region: string): Promise<never> => {
    if (region === "us-east-1") await new Promise((resolve) => setTimeout(resolve, 1_800));
    return probe() as never;
  };
  const { clients } = fakeAws(answers, late);
  const { regions } = await observe({ ...options, clients, deadlineSeconds: 30 });
  expect(regions.primary).toMatchObject({ reachable: true, answer: { seen: true } });
});

it("keeps sight of a database whose inside does not answer", async () => {
  const { clients } = fakeAws(answers, () => new Promise<never>(() => {}));
  const { regions } = await observe({ ...options, clients, deadlineSeconds: 0.05 });
  expect(regions.recovery.databases).toMatchObject({
    seen: true,
    value: [{ inside: { seen: false, problem: { kind: "unreachable" } } }, {}],
  });
});

it("asks each database once, and the one of the last update without waiting for RDS", async () => {
  const { promise: rdsAnswers, resolve: answerOfRds } = Promise.withResolvers<void>();
  const asked: string[] = [];
  const slow = {
    ...answers,
    DescribeDBInstances: async (_: unknown, region: string) => {
      await rdsAnswers;
      const { address } = (region === "us-east-1" ? primaryOutputs : recoveryOutputs).database;
      const one = { ...instance("orders-prod-1", region), Endpoint: { Address: address } };
      return { DBInstances: [one, instance("orders-prod-2", region)] };
    },
  };
  const { clients } = fakeAws(slow, (request) => {
    if (request.ask === "database") asked.push(request.address);
    if (asked.length === 2) answerOfRds();
    return probe();
  });
  await observe({ ...options, clients });
  expect(asked.slice(0, 2)).toEqual([
    primaryOutputs.database.address,
    recoveryOutputs.database.address,
  ]);
  expect(asked).toHaveLength(4);
  expect(new Set(asked).size).toBe(4);
});

it("makes no client of the primary Region when it is told to leave it", async () => {
  const { clients, made, calls } = fakeAws(answers, probe);
  const { regions } = await observe({ ...options, clients, primaryRegion: "leave" });
  expect([...made]).toEqual(["us-west-2"]);
  expect(calls.filter((call) => call.startsWith("us-east-1"))).toEqual([]);
  expect(regions.primary.databases).toMatchObject({ problem: { kind: "skipped" } });
});

it("keeps what the probe found with what could not be seen because of it", async () => {
  const failure = { code: "access-denied", message: "the database refused the password" } as const;
  const { clients } = fakeAws(answers, () => ({ ok: false, failure }));
  const { regions } = await observe({ ...options, clients });
  expect(regions.recovery.databases).toMatchObject({
    value: [{ inside: { seen: false, problem: { kind: "denied", failure } } }, {}],
  });
  expect(regions.recovery.reachable).toBe(true);
});
