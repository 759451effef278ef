import {
  type Change,
  CreateHealthCheckCommand,
  DeleteHealthCheckCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesByVPCCommand,
  ListHostedZonesCommand,
  type ResourceRecordSet,
  UpdateHealthCheckCommand,
} from "@aws-sdk/client-route-53";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AlarmRule, AlarmState } from "../../src/cloudwatch/alarm-evaluation.ts";
import { resolve } from "../../src/dns-server/resolution.ts";
import { eventually, refusalOf, west } from "../aws-fixture.ts";
import { record, ZoneCloud } from "./zone-fixture.ts";

const name = "db.orders.internal";
const alarmRule: AlarmRule = {
  metric: { namespace: "Orders", name: "Named", dimensions: {} },
  statistic: "Maximum",
  periodSeconds: 60,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  comparison: "GreaterThanOrEqualToThreshold",
  threshold: 1,
  missingData: "missing",
};
let rule: AlarmRule | undefined;
let state: AlarmState;
let followed: AlarmRule[];
let zones: ZoneCloud;
let healthCheckId = "";
beforeEach(async () => {
  rule = alarmRule;
  state = "OK";
  followed = [];
  zones = await ZoneCloud.start({
    ruleOf: () => rule,
    stateByData: (_region, asked) => {
      followed.push(asked);
      return state;
    },
  });
  const made = await zones.client.send(
    new CreateHealthCheckCommand({
      CallerReference: "one",
      HealthCheckConfig: {
        Type: "CLOUDWATCH_METRIC",
        AlarmIdentifier: { Name: "failover", Region: west },
      },
    }),
  );
  healthCheckId = made.HealthCheck?.Id ?? "";
});
afterEach(() => zones.close());

const failover = (
  Action: Change["Action"],
  Failover: "PRIMARY" | "SECONDARY",
  more: Partial<ResourceRecordSet> = {},
): Change => {
  const { ResourceRecordSet: set } = record(Action, `${Failover.toLowerCase()}.example.`);
  return {
    Action,
    ResourceRecordSet: {
      ...(set as ResourceRecordSet),
      SetIdentifier: Failover === "PRIMARY" ? "east" : "west",
      Failover,
      ...(Failover === "PRIMARY" ? { HealthCheckId: healthCheckId } : {}),
      ...more,
    },
  };
};
const bothSides = () => [failover("CREATE", "PRIMARY"), failover("CREATE", "SECONDARY")];
const answer = () =>
  resolve(name, "CNAME", {
    authorities: [zones.service.names],
    maximumTtlSeconds: undefined,
  }).answers.map(({ data }) => data);
/** Long enough for several looks of the health check. */
const looks = () => new Promise((resolve) => setTimeout(resolve, 60));
const refusal = (...changes: Change[]) => refusalOf(zones.change(...changes));

describe("failover records", () => {
  test("are two sets of one name, listed by their identifiers", async () => {
    await zones.change(...bothSides());
    const { ResourceRecordSets } = await zones.list({ StartRecordName: name });
    const routed = ResourceRecordSets?.filter((set) => set.Type === "CNAME");
    expect(routed).toMatchObject([
      { SetIdentifier: "east", Failover: "PRIMARY", HealthCheckId: healthCheckId, TTL: 30 },
      { SetIdentifier: "west", Failover: "SECONDARY" },
    ]);
    const page = await zones.list({
      StartRecordName: name,
      StartRecordType: "CNAME",
      MaxItems: 1,
    });
    expect(page).toMatchObject({ IsTruncated: true, NextRecordIdentifier: "west" });
    const rest = await zones.list({
      StartRecordName: page.NextRecordName,
      StartRecordType: page.NextRecordType,
      StartRecordIdentifier: page.NextRecordIdentifier,
    });
    expect(rest.ResourceRecordSets?.[0]).toMatchObject({ SetIdentifier: "west" });
  });

  test("are changed and deleted by name, type and identifier", async () => {
    await zones.change(...bothSides());
    await zones.change(
      failover("UPSERT", "SECONDARY", { ResourceRecords: [{ Value: "other.example." }] }),
      failover("DELETE", "PRIMARY"),
    );
    const { ResourceRecordSets } = await zones.list({ StartRecordName: name });
    expect(ResourceRecordSets?.filter((set) => set.Type === "CNAME")).toMatchObject([
      { SetIdentifier: "west", ResourceRecords: [{ Value: "other.example." }] },
    ]);
  });

  test("are answered by the primary's health, by the data of an alarm as it was when the check was made", async () => {
    await zones.inSync(...bothSides());
    expect(answer()).toEqual(["primary.example"]);
    state = "ALARM";
    await eventually(answer, ([target]) => target === "secondary.example");
    state = "INSUFFICIENT_DATA";
    await looks();
    expect(answer()).toEqual(["secondary.example"]);
    rule = { ...alarmRule, threshold: 2 };
    await looks();
    expect(followed.at(-1)).toEqual(alarmRule);
    await zones.client.send(
      new UpdateHealthCheckCommand({
        HealthCheckId: healthCheckId,
        AlarmIdentifier: { Name: "failover", Region: west },
      }),
    );
    await looks();
    expect(followed.at(-1)).toEqual(rule);
  });

  test("stay as they were when the alarm is deleted, also while the control plane is down", async () => {
    await zones.inSync(...bothSides());
    state = "ALARM";
    await eventually(answer, ([target]) => target === "secondary.example");
    zones.cloud.outages.loseRoute53ControlPlane("5xx");
    expect(await refusal(failover("UPSERT", "PRIMARY"))).toMatchObject({ status: 503 });
    rule = undefined;
    state = "OK";
    await looks();
    expect(answer()).toEqual(["secondary.example"]);
    rule = alarmRule;
    await eventually(answer, ([target]) => target === "primary.example");
    zones.cloud.outages.restoreRoute53ControlPlane();
    await zones.change(failover("UPSERT", "PRIMARY"));
  });

  test("are answered by the primary when neither is healthy, and by the one that is there", async () => {
    await zones.inSync(
      failover("CREATE", "PRIMARY"),
      failover("CREATE", "SECONDARY", { HealthCheckId: healthCheckId }),
    );
    state = "ALARM";
    await looks();
    expect(answer()).toEqual(["primary.example"]);
    await zones.inSync(failover("DELETE", "PRIMARY"));
    expect(answer()).toEqual(["secondary.example"]);
  });

  test("are not answered without their health check, and that is said", async () => {
    await zones.inSync(...bothSides());
    await zones.client.send(new DeleteHealthCheckCommand({ HealthCheckId: healthCheckId }));
    const authorities = [zones.service.names];
    expect(resolve(name, "CNAME", { authorities, maximumTtlSeconds: undefined }).code).toBe(
      "SERVFAIL",
    );
  });
});

describe("a failover record is refused", () => {
  test.each<[string, () => Change, string, number, string]>([
    [
      "without an identifier",
      () => failover("CREATE", "PRIMARY", { SetIdentifier: undefined }),
      "InvalidInput",
      400,
      "Invalid request: Missing field 'SetIdentifier' in Change with [Action=CREATE, Name=db.orders.internal, Type=CNAME, SetIdentifier=null]",
    ],
    [
      "as a primary without a health check",
      () => failover("CREATE", "PRIMARY", { HealthCheckId: undefined }),
      "InvalidInput",
      400,
      "Missing field 'HealthCheckId'",
    ],
    [
      "with a health check that is not there",
      () => failover("CREATE", "PRIMARY", { HealthCheckId: "none" }),
      "NoSuchHealthCheck",
      404,
      "No health check exists with the specified ID none",
    ],
    [
      "with an identifier and no routing policy",
      () => failover("CREATE", "PRIMARY", { Failover: undefined }),
      "InvalidInput",
      400,
      "Expected exactly one of [Weight, Region, Failover",
    ],
    [
      "without values",
      () => failover("CREATE", "PRIMARY", { ResourceRecords: undefined }),
      "InvalidInput",
      400,
      "all of [TTL, and ResourceRecords]",
    ],
  ])("%s", async (_how, change, code, status, text) => {
    expect(await refusal(change())).toMatchObject({
      name: code,
      status,
      message: expect.stringContaining(text),
    });
  });

  test("beside a simple record, and a simple record beside it", async () => {
    const problem = {
      name: "InvalidChangeBatch",
      status: 400,
      message: expect.stringContaining(
        "cannot be created as other RRSets exist with the same name and type.",
      ),
    };
    await zones.change(record("CREATE", "simple.example."));
    expect(await refusal(...bothSides())).toMatchObject(problem);
    await zones.change(record("DELETE", "simple.example."), ...bothSides());
    expect(await refusal(record("CREATE", "simple.example."))).toMatchObject(problem);
  });

  test("as a second primary", async () => {
    await zones.change(...bothSides());
    expect(
      await refusal(failover("CREATE", "PRIMARY", { SetIdentifier: "further" })),
    ).toMatchObject({
      name: "InvalidChangeBatch",
      message: expect.stringContaining("Failover=PRIMARY cannot be created"),
    });
  });
});

describe("hosted zones", () => {
  test("are listed page by page", async () => {
    await zones.createZone("billing.internal", "vpc-west");
    await zones.createZone("audit.internal", "vpc-west");
    const first = await zones.client.send(new ListHostedZonesCommand({ MaxItems: 2 }));
    const second = await zones.client.send(
      new ListHostedZonesCommand({ Marker: first.NextMarker }),
    );
    expect([first.HostedZones?.length, second.HostedZones?.length]).toEqual([2, 1]);
    const byName = await zones.client.send(new ListHostedZonesByNameCommand({ MaxItems: 2 }));
    const rest = await zones.client.send(
      new ListHostedZonesByNameCommand({
        DNSName: byName.NextDNSName,
        HostedZoneId: byName.NextHostedZoneId,
      }),
    );
    expect([byName, rest].flatMap((page) => page.HostedZones?.map((zone) => zone.Name))).toEqual([
      "audit.internal.",
      "billing.internal.",
      "orders.internal.",
    ]);
    const seen = { VPCId: "vpc-west", VPCRegion: west, MaxItems: 2 } as const;
    const ofVpc = await zones.client.send(new ListHostedZonesByVPCCommand(seen));
    const last = await zones.client.send(
      new ListHostedZonesByVPCCommand({ ...seen, NextToken: ofVpc.NextToken }),
    );
    expect([ofVpc, last].map((page) => page.HostedZoneSummaries?.length)).toEqual([2, 1]);
  });

  test("have no page that begins nowhere", async () => {
    const send = (command: ListHostedZonesCommand) => refusalOf(zones.client.send(command));
    expect(await send(new ListHostedZonesCommand({ Marker: "ZNONE" }))).toMatchObject({
      name: "InvalidInput",
      status: 400,
    });
    expect(await send(new ListHostedZonesCommand({ MaxItems: 0 }))).toMatchObject({
      name: "InvalidInput",
    });
    const byVpc = new ListHostedZonesByVPCCommand({
      VPCId: "vpc-west",
      VPCRegion: west,
      NextToken: "none",
    });
    expect(await refusalOf(zones.client.send(byVpc))).toMatchObject({
      name: "InvalidPaginationToken",
      status: 400,
    });
  });
});
