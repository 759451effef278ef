import {
  AssociateVPCWithHostedZoneCommand,
  ChangeTagsForResourceCommand,
  DeleteHostedZoneCommand,
  DisassociateVPCFromHostedZoneCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesByVPCCommand,
  ListHostedZonesCommand,
  ListTagsForResourceCommand,
  NoSuchHostedZone,
} from "@aws-sdk/client-route-53";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { east, refusalOf, west } from "../aws-fixture.ts";
import { record, ZoneCloud } from "./zone-fixture.ts";

let zones: ZoneCloud;
beforeEach(async () => {
  zones = await ZoneCloud.start();
});
afterEach(() => zones.close());

describe("a hosted zone", () => {
  test("starts with its name servers and AWS's SOA", async () => {
    expect((await zones.list()).ResourceRecordSets).toEqual([
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
    expect(await zones.client.send(new GetHostedZoneCommand({ Id: zones.zoneId }))).toMatchObject({
      HostedZone: {
        Id: `/hostedzone/${zones.zoneId}`,
        Name: "orders.internal.",
        Config: { Comment: "made by a test", PrivateZone: true },
        ResourceRecordSetCount: 2,
      },
      VPCs: [{ VPCId: "vpc-west", VPCRegion: west }],
    });
  });

  test("that is public has a delegation set", async () => {
    const { HostedZone, DelegationSet } = await zones.createZone("example.com", undefined);
    expect(DelegationSet?.NameServers).toHaveLength(4);
    expect(HostedZone?.Config?.PrivateZone).toBe(false);
  });

  test("is listed, by name too", async () => {
    await zones.createZone("a.example", undefined);
    const all = await zones.client.send(new ListHostedZonesCommand());
    expect(all.HostedZones?.map((zone) => zone.Name).sort()).toEqual([
      "a.example.",
      "orders.internal.",
    ]);
    const named = await zones.client.send(
      new ListHostedZonesByNameCommand({ DNSName: "orders.internal", MaxItems: 1 }),
    );
    expect(named.HostedZones?.map((zone) => zone.Name)).toEqual(["orders.internal."]);
  });

  test("that does not exist is refused with 404", async () => {
    const get = () => zones.client.send(new GetHostedZoneCommand({ Id: "ZNONE" }));
    await expect(get()).rejects.toBeInstanceOf(NoSuchHostedZone);
    expect(await refusalOf(get())).toMatchObject({
      status: 404,
      message: "No hosted zone found with ID: ZNONE",
    });
  });

  test("is made once for a caller reference and once for a name in a VPC", async () => {
    expect(
      await refusalOf(zones.createZone("other.internal", "vpc-x", "orders.internal")),
    ).toMatchObject({
      name: "HostedZoneAlreadyExists",
      status: 409,
    });
    expect(await refusalOf(zones.createZone("orders.internal", "vpc-west", "again"))).toMatchObject(
      {
        name: "ConflictingDomainExists",
        status: 400,
      },
    );
  });

  test("is deleted when only its own records are left", async () => {
    const remove = () => zones.client.send(new DeleteHostedZoneCommand({ Id: zones.zoneId }));
    await zones.change(record("CREATE", "east.example"));
    expect(await refusalOf(remove())).toMatchObject({ name: "HostedZoneNotEmpty", status: 400 });
    await zones.change(record("DELETE", "east.example"));
    await remove();
    expect(await refusalOf(zones.list())).toMatchObject({ name: "NoSuchHostedZone" });
  });

  test("is associated with a second VPC, and never without any", async () => {
    const vpc = (VPCId: string) => ({
      HostedZoneId: zones.zoneId,
      VPC: { VPCId, VPCRegion: east } as const,
    });
    await zones.client.send(new AssociateVPCWithHostedZoneCommand(vpc("vpc-east")));
    const byVpc = new ListHostedZonesByVPCCommand({ VPCId: "vpc-east", VPCRegion: east });
    expect((await zones.client.send(byVpc)).HostedZoneSummaries).toMatchObject([
      {
        HostedZoneId: zones.zoneId,
        Name: "orders.internal.",
        Owner: { OwningAccount: "123456789012" },
      },
    ]);
    const again = zones.client.send(new AssociateVPCWithHostedZoneCommand(vpc("vpc-east")));
    expect(await refusalOf(again)).toMatchObject({ name: "ConflictingDomainExists" });
    await zones.client.send(new DisassociateVPCFromHostedZoneCommand(vpc("vpc-east")));
    const last = zones.client.send(new DisassociateVPCFromHostedZoneCommand(vpc("vpc-west")));
    expect(await refusalOf(last)).toMatchObject({ name: "LastVPCAssociation", status: 400 });
    const missing = zones.client.send(new DisassociateVPCFromHostedZoneCommand(vpc("vpc-none")));
    expect(await refusalOf(missing)).toMatchObject({ name: "VPCAssociationNotFound", status: 404 });
  });

  test("has tags", async () => {
    const resource = { ResourceType: "hostedzone", ResourceId: zones.zoneId } as const;
    await zones.client.send(
      new ChangeTagsForResourceCommand({
        ...resource,
        AddTags: [
          { Key: "a", Value: "1" },
          { Key: "b", Value: "2" },
        ],
      }),
    );
    await zones.client.send(
      new ChangeTagsForResourceCommand({ ...resource, RemoveTagKeys: ["b"] }),
    );
    const { ResourceTagSet } = await zones.client.send(new ListTagsForResourceCommand(resource));
    expect(ResourceTagSet?.Tags).toEqual([{ Key: "a", Value: "1" }]);
  });
});
