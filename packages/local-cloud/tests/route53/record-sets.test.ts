import { type Change, GetChangeCommand, InvalidChangeBatch } from "@aws-sdk/client-route-53";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { east, eventually, refusalOf } from "../aws-fixture.ts";
import { record, ZoneCloud } from "./zone-fixture.ts";

let zones: ZoneCloud;
beforeEach(async () => {
  zones = await ZoneCloud.start();
});
afterEach(() => zones.close());

describe("a change batch", () => {
  const problem = async (...changes: Change[]) => {
    const refusal = await refusalOf(zones.change(...changes));
    expect(refusal).toMatchObject({ name: "InvalidChangeBatch", status: 400 });
    return refusal.message;
  };

  test("that creates what is there is refused as the typed error", async () => {
    await zones.change(record("CREATE", "east.example"));
    await expect(zones.change(record("CREATE", "west.example"))).rejects.toBeInstanceOf(
      InvalidChangeBatch,
    );
    expect(await problem(record("CREATE", "west.example"))).toBe(
      "[Tried to create resource record set [name='db.orders.internal.', type='CNAME'] but it already exists]",
    );
  });

  test("is made as a whole or not at all", async () => {
    await zones.change(record("CREATE", "east.example"));
    await problem(
      record("UPSERT", "west.example"),
      record("DELETE", "1.2.3.4", "A", "gone.orders.internal"),
    );
    expect(
      (await zones.list({ StartRecordName: "db.orders.internal", MaxItems: 1 })).ResourceRecordSets,
    ).toMatchObject([{ ResourceRecords: [{ Value: "east.example" }] }]);
  });

  test("says every problem in AWS's words", async () => {
    await zones.change(record("CREATE", "east.example"));
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
    await zones.change(record("CREATE", "1.2.3.4", "A", "a.orders.internal"));
    expect(await problem(record("CREATE", "x", "CNAME", "a.orders.internal"))).toContain(
      "conflicts with other records",
    );
  });

  test("with a routing policy is not modelled", async () => {
    const weighted = record("CREATE", "x");
    const call = zones.change({
      ...weighted,
      ResourceRecordSet: { ...weighted.ResourceRecordSet, Weight: 1, SetIdentifier: "a" } as never,
    });
    expect(await refusalOf(call)).toMatchObject({ name: "NotModelled", status: 501 });
  });

  test("may lower the SOA's minimum", async () => {
    const soa = "ns-0.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 60";
    await zones.inSync(record("UPSERT", soa, "SOA", "orders.internal", 60));
    expect(zones.service.names.lookUp("none.orders.internal")?.soa).toMatchObject({
      data: soa,
      ttlSeconds: 60,
    });
  });
});

describe("a list of records", () => {
  test("begins at a name and type, and says where it goes on", async () => {
    await zones.change(
      record("CREATE", "1.2.3.4", "A", "b.orders.internal"),
      record("CREATE", "x", "CNAME", "c.orders.internal"),
    );
    const page = await zones.list({
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
    expect(await refusalOf(zones.list({ StartRecordType: "A" }))).toMatchObject({
      name: "InvalidInput",
      status: 400,
    });
  });
});

describe("propagation", () => {
  test("that a fault spoils stays PENDING", async () => {
    await zones.inSync(record("CREATE", "east.example"));
    zones.cloud.faults.add({
      service: "route53",
      operation: "ChangeResourceRecordSets",
      kind: "fail-later",
      times: 1,
    });
    const { ChangeInfo } = await zones.change(record("UPSERT", "west.example"));
    await zones.inSync(record("CREATE", "1.2.3.4", "A", "later.orders.internal"));
    const get = new GetChangeCommand({ Id: ChangeInfo?.Id ?? "" });
    expect((await zones.client.send(get)).ChangeInfo?.Status).toBe("PENDING");
  });

  test("is PENDING at first, and the names answer as before until it is INSYNC", async () => {
    await zones.inSync(record("CREATE", "east.example."));
    const { ChangeInfo } = await zones.change(record("UPSERT", "west.example."));
    expect(ChangeInfo?.Status).toBe("PENDING");
    const target = () => zones.service.names.lookUp("db.orders.internal")?.records[0]?.data;
    expect(target()).toBe("east.example");
    await eventually(target, (data) => data === "west.example");
    const { ChangeInfo: later } = await zones.client.send(
      new GetChangeCommand({ Id: ChangeInfo?.Id ?? "" }),
    );
    expect(later?.Status).toBe("INSYNC");
  });

  test("of an unknown change is refused", async () => {
    expect(await refusalOf(zones.client.send(new GetChangeCommand({ Id: "CNONE" })))).toMatchObject(
      {
        name: "NoSuchChange",
        status: 404,
      },
    );
  });

  test("goes on while us-east-1 is lost", async () => {
    await zones.cloud.outages.lose(east, "hang");
    await zones.inSync(record("UPSERT", "west.example."));
    expect(
      zones.cloud.log.calls({ region: east }).every((call) => call.outcome === "answered"),
    ).toBe(true);
  });
});

describe("the zone's names", () => {
  test("exist with their records, without any, or not at all", async () => {
    await zones.inSync(record("CREATE", "east.example.", "CNAME", "db.deep.orders.internal"));
    expect(zones.service.names.lookUp("DB.deep.orders.internal.")).toMatchObject({
      exists: true,
      records: [
        { name: "db.deep.orders.internal", type: "CNAME", ttlSeconds: 30, data: "east.example" },
      ],
      soa: { type: "SOA", name: "orders.internal" },
    });
    expect(zones.service.names.lookUp("deep.orders.internal")).toMatchObject({
      exists: true,
      records: [],
    });
    expect(zones.service.names.lookUp("none.orders.internal")).toMatchObject({ exists: false });
    expect(zones.service.names.lookUp("orders.example")).toBeUndefined();
  });
});
