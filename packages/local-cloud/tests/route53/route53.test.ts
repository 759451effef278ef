import {
  AssociateVPCWithHostedZoneCommand,
  type Change,
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  DisassociateVPCFromHostedZoneCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  InvalidChangeBatch,
  ListHostedZonesByNameCommand,
  ListHostedZonesByVPCCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourceCommand,
  NoSuchHostedZone,
  Route53Client,
  type RRType,
} from "@aws-sdk/client-route-53";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRoute53, type Route53 } from "../../src/route53/route53.ts";
import {
  east,
  eventually,
  quickDials,
  refusalOf,
  startTestCloud,
  type TestCloud,
  west,
} from "../aws-fixture.ts";

let cloud: TestCloud;
let service: Route53;
let client: Route53Client;
let zoneId: string;

const createZone = async (Name: string, VPCId: string | undefined, CallerReference = Name) =>
  client.send(
    new CreateHostedZoneCommand({
      Name,
      CallerReference,
      HostedZoneConfig: { Comment: "made by a test" },
      ...(VPCId && { VPC: { VPCId, VPCRegion: west } }),
    }),
  );

beforeEach(async () => {
  service = createRoute53({ dials: quickDials });
  cloud = await startTestCloud(() => [service]);
  client = new Route53Client(cloud.clientOptions(east));
  const { HostedZone } = await createZone("orders.internal", "vpc-west");
  zoneId = HostedZone?.Id?.split("/").at(-1) ?? "";
});
afterEach(async () => {
  await cloud.endpoint.close();
  await service.close();
});

const record = (
  Action: Change["Action"],
  Value: string,
  Type: RRType = "CNAME",
  Name = "db.orders.internal",
  TTL = 30,
): Change => ({
  Action,
  ResourceRecordSet: { Name, Type, TTL, ResourceRecords: [{ Value }] },
});
const change = (...Changes: Change[]) =>
  client.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }),
  );
const list = async (input = {}) =>
  client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, ...input }));
const inSync = async (...Changes: Change[]) => {
  const { ChangeInfo } = await change(...Changes);
  await eventually(
    () => client.send(new GetChangeCommand({ Id: ChangeInfo?.Id ?? "" })),
    (answer) => answer.ChangeInfo?.Status === "INSYNC",
  );
};

describe("a hosted zone", () => {
  test("starts with its name servers and AWS's SOA", async () => {
    expect((await list()).ResourceRecordSets).toEqual([
      {
        Name: "orders.internal.",
        Type: "NS",
        TTL: 172_800,
        ResourceRecords: ["com", "net", "org", "co.uk"].map((suffix, index) => ({
          Value: `ns-${index * 512}.awsdns-00.${suffix}.`,
        })),
      },
      {
        Name: "orders.internal.",
        Type: "SOA",
        TTL: 900,
        ResourceRecords: [
          { Value: "ns-0.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400" },
        ],
      },
    ]);
  });

  test("is told with its VPCs", async () => {
    expect(await client.send(new GetHostedZoneCommand({ Id: zoneId }))).toMatchObject({
      HostedZone: {
        Id: `/hostedzone/${zoneId}`,
        Name: "orders.internal.",
        Config: { Comment: "made by a test", PrivateZone: true },
        ResourceRecordSetCount: 2,
      },
      VPCs: [{ VPCId: "vpc-west", VPCRegion: west }],
    });
  });

  test("that is public has a delegation set", async () => {
    const { HostedZone, DelegationSet } = await createZone("example.com", undefined);
    expect(DelegationSet?.NameServers).toHaveLength(4);
    expect(HostedZone?.Config?.PrivateZone).toBe(false);
  });

  test("is listed, by name too", async () => {
    await createZone("a.example", undefined);
    const all = await client.send(new ListHostedZonesCommand());
    expect(all.HostedZones?.map((zone) => zone.Name).sort()).toEqual([
      "a.example.",
      "orders.internal.",
    ]);
    const named = await client.send(
      new ListHostedZonesByNameCommand({ DNSName: "orders.internal", MaxItems: 1 }),
    );
    expect(named.HostedZones?.map((zone) => zone.Name)).toEqual(["orders.internal."]);
  });

  test("that does not exist is refused with 404", async () => {
    const get = () => client.send(new GetHostedZoneCommand({ Id: "ZNONE" }));
    await expect(get()).rejects.toBeInstanceOf(NoSuchHostedZone);
    expect(await refusalOf(get())).toMatchObject({
      status: 404,
      message: "No hosted zone found with ID: ZNONE",
    });
  });

  test("is made once for a caller reference and once for a name in a VPC", async () => {
    expect(await refusalOf(createZone("other.internal", "vpc-x", "orders.internal"))).toMatchObject(
      {
        name: "HostedZoneAlreadyExists",
        status: 409,
      },
    );
    expect(await refusalOf(createZone("orders.internal", "vpc-west", "again"))).toMatchObject({
      name: "ConflictingDomainExists",
      status: 400,
    });
  });

  test("is deleted when only its own records are left", async () => {
    const remove = () => client.send(new DeleteHostedZoneCommand({ Id: zoneId }));
    await change(record("CREATE", "east.example"));
    expect(await refusalOf(remove())).toMatchObject({ name: "HostedZoneNotEmpty", status: 400 });
    await change(record("DELETE", "east.example"));
    await remove();
    expect(await refusalOf(list())).toMatchObject({ name: "NoSuchHostedZone" });
  });

  test("is associated with a second VPC, and never without any", async () => {
    const vpc = (VPCId: string) => ({
      HostedZoneId: zoneId,
      VPC: { VPCId, VPCRegion: east } as const,
    });
    await client.send(new AssociateVPCWithHostedZoneCommand(vpc("vpc-east")));
    const byVpc = new ListHostedZonesByVPCCommand({ VPCId: "vpc-east", VPCRegion: east });
    expect((await client.send(byVpc)).HostedZoneSummaries).toMatchObject([
      { HostedZoneId: zoneId, Name: "orders.internal.", Owner: { OwningAccount: "123456789012" } },
    ]);
    const again = client.send(new AssociateVPCWithHostedZoneCommand(vpc("vpc-east")));
    expect(await refusalOf(again)).toMatchObject({ name: "ConflictingDomainExists" });
    await client.send(new DisassociateVPCFromHostedZoneCommand(vpc("vpc-east")));
    const last = client.send(new DisassociateVPCFromHostedZoneCommand(vpc("vpc-west")));
    expect(await refusalOf(last)).toMatchObject({ name: "LastVPCAssociation", status: 400 });
    const missing = client.send(new DisassociateVPCFromHostedZoneCommand(vpc("vpc-none")));
    expect(await refusalOf(missing)).toMatchObject({ name: "VPCAssociationNotFound", status: 404 });
  });

  test("has tags", async () => {
    const resource = { ResourceType: "hostedzone", ResourceId: zoneId } as const;
    await client.send(
      new ChangeTagsForResourceCommand({
        ...resource,
        AddTags: [
          { Key: "a", Value: "1" },
          { Key: "b", Value: "2" },
        ],
      }),
    );
    await client.send(new ChangeTagsForResourceCommand({ ...resource, RemoveTagKeys: ["b"] }));
    const { ResourceTagSet } = await client.send(new ListTagsForResourceCommand(resource));
    expect(ResourceTagSet?.Tags).toEqual([{ Key: "a", Value: "1" }]);
  });
});

describe("a change batch", () => {
  const problem = async (...changes: Change[]) => {
    const refusal = await refusalOf(change(...changes));
    expect(refusal).toMatchObject({ name: "InvalidChangeBatch", status: 400 });
    return refusal.message;
  };

  test("that creates what is there is refused as the typed error", async () => {
    await change(record("CREATE", "east.example"));
    await expect(change(record("CREATE", "west.example"))).rejects.toBeInstanceOf(
      InvalidChangeBatch,
    );
    expect(await problem(record("CREATE", "west.example"))).toBe(
      "[Tried to create resource record set [name='db.orders.internal.', type='CNAME'] but it already exists]",
    );
  });

  test("is made as a whole or not at all", async () => {
    await change(record("CREATE", "east.example"));
    await problem(
      record("UPSERT", "west.example"),
      record("DELETE", "1.2.3.4", "A", "gone.orders.internal"),
    );
    expect(
      (await list({ StartRecordName: "db.orders.internal", MaxItems: 1 })).ResourceRecordSets,
    ).toMatchObject([{ ResourceRecords: [{ Value: "east.example" }] }]);
  });

  test("says every problem in AWS's words", async () => {
    await change(record("CREATE", "east.example"));
    expect(await problem(record("DELETE", "west.example"))).toContain(
      "values provided do not match",
    );
    expect(await problem(record("DELETE", "x", "CNAME", "none.orders.internal"))).toContain(
      "but it was not found",
    );
    expect(await problem(record("CREATE", "x", "CNAME", "orders.internal"))).toContain(
      "not permitted at apex",
    );
    expect(await problem(record("CREATE", "x", "CNAME", "db.other.internal"))).toContain(
      "not permitted in zone",
    );
    expect(await problem(record("CREATE", "1.2.3.4", "A"))).toContain(
      "conflicting RRSet of type CNAME",
    );
    expect(await problem(record("CREATE", "999.2.3.4", "A", "a.orders.internal"))).toContain(
      "not a valid IPv4",
    );
    await change(record("CREATE", "1.2.3.4", "A", "a.orders.internal"));
    expect(await problem(record("CREATE", "x", "CNAME", "a.orders.internal"))).toContain(
      "conflicts with other records",
    );
  });

  test("with a routing policy is not modelled", async () => {
    const weighted = record("CREATE", "x");
    const call = change({
      ...weighted,
      ResourceRecordSet: { ...weighted.ResourceRecordSet, Weight: 1, SetIdentifier: "a" } as never,
    });
    expect(await refusalOf(call)).toMatchObject({ name: "NotModelled", status: 501 });
  });

  test("may lower the SOA's minimum", async () => {
    const soa = "ns-0.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 60";
    await inSync(record("UPSERT", soa, "SOA", "orders.internal", 60));
    expect(service.names.lookUp("none.orders.internal")?.soa).toMatchObject({
      data: soa,
      ttlSeconds: 60,
    });
  });
});

describe("a list of records", () => {
  test("begins at a name and type, and says where it goes on", async () => {
    await change(
      record("CREATE", "1.2.3.4", "A", "b.orders.internal"),
      record("CREATE", "x", "CNAME", "c.orders.internal"),
    );
    const page = await list({
      StartRecordName: "b.orders.internal",
      StartRecordType: "A",
      MaxItems: 1,
    });
    expect(page).toMatchObject({
      ResourceRecordSets: [{ Name: "b.orders.internal.", Type: "A" }],
      IsTruncated: true,
      NextRecordName: "c.orders.internal.",
      NextRecordType: "CNAME",
      MaxItems: 1,
    });
    expect(await refusalOf(list({ StartRecordType: "A" }))).toMatchObject({
      name: "InvalidInput",
      status: 400,
    });
  });
});

describe("propagation", () => {
  test("is PENDING at first, and the names answer as before until it is INSYNC", async () => {
    await inSync(record("CREATE", "east.example."));
    const { ChangeInfo } = await change(record("UPSERT", "west.example."));
    expect(ChangeInfo?.Status).toBe("PENDING");
    const target = () => service.names.lookUp("db.orders.internal")?.records[0]?.data;
    expect(target()).toBe("east.example");
    await eventually(target, (data) => data === "west.example");
    const { ChangeInfo: later } = await client.send(
      new GetChangeCommand({ Id: ChangeInfo?.Id ?? "" }),
    );
    expect(later?.Status).toBe("INSYNC");
  });

  test("of an unknown change is refused", async () => {
    expect(await refusalOf(client.send(new GetChangeCommand({ Id: "CNONE" })))).toMatchObject({
      name: "NoSuchChange",
      status: 404,
    });
  });

  test("goes on while us-east-1 is lost", async () => {
    await cloud.outages.lose(east, "hang");
    await inSync(record("UPSERT", "west.example."));
    expect(cloud.log.calls({ region: east }).every((call) => call.outcome === "answered")).toBe(
      true,
    );
  });
});

describe("the zone's names", () => {
  test("exist with their records, without any, or not at all", async () => {
    await inSync(record("CREATE", "east.example.", "CNAME", "db.deep.orders.internal"));
    expect(service.names.lookUp("DB.deep.orders.internal.")).toMatchObject({
      exists: true,
      records: [
        { name: "db.deep.orders.internal", type: "CNAME", ttlSeconds: 30, data: "east.example" },
      ],
      soa: { type: "SOA", name: "orders.internal" },
    });
    expect(service.names.lookUp("deep.orders.internal")).toMatchObject({
      exists: true,
      records: [],
    });
    expect(service.names.lookUp("none.orders.internal")).toMatchObject({ exists: false });
    expect(service.names.lookUp("orders.example")).toBeUndefined();
  });
});
