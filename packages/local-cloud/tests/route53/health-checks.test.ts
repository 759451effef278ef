import {
  ChangeTagsForResourceCommand,
  CreateHealthCheckCommand,
  DeleteHealthCheckCommand,
  GetHealthCheckCommand,
  GetHealthCheckStatusCommand,
  type HealthCheckConfig,
  ListHealthChecksCommand,
  ListTagsForResourceCommand,
  type TagResourceType,
  UpdateHealthCheckCommand,
} from "@aws-sdk/client-route-53";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { refusalOf, west } from "../aws-fixture.ts";
import { ZoneCloud } from "./zone-fixture.ts";

let zones: ZoneCloud;
beforeEach(async () => {
  zones = await ZoneCloud.start();
});
afterEach(() => zones.close());

const alarm = (Name = "failover"): HealthCheckConfig => ({
  Type: "CLOUDWATCH_METRIC",
  AlarmIdentifier: { Name, Region: west },
  InsufficientDataHealthStatus: "LastKnownStatus",
});
const create = async (CallerReference = "one", HealthCheckConfig = alarm()) => {
  const command = new CreateHealthCheckCommand({ CallerReference, HealthCheckConfig });
  return (await zones.client.send(command)).HealthCheck;
};
const get = async (HealthCheckId: string) =>
  (await zones.client.send(new GetHealthCheckCommand({ HealthCheckId }))).HealthCheck;

describe("a health check", () => {
  test("is made, told, changed and deleted", async () => {
    const made = await create();
    const HealthCheckId = made?.Id ?? "";
    expect(await get(HealthCheckId)).toEqual({
      Id: HealthCheckId,
      CallerReference: "one",
      HealthCheckVersion: 1,
      HealthCheckConfig: { ...alarm(), Inverted: false, Disabled: false },
    });
    await zones.client.send(
      new UpdateHealthCheckCommand({ HealthCheckId, Inverted: true, HealthCheckVersion: 1 }),
    );
    expect(await get(HealthCheckId)).toMatchObject({
      HealthCheckVersion: 2,
      HealthCheckConfig: { ...alarm(), Inverted: true },
    });
    await zones.client.send(new DeleteHealthCheckCommand({ HealthCheckId }));
    expect(await refusalOf(get(HealthCheckId))).toMatchObject({
      name: "NoSuchHealthCheck",
      status: 404,
    });
  });

  test("has tags", async () => {
    const ResourceId = (await create())?.Id ?? "";
    const resource = { ResourceType: "healthcheck", ResourceId } as const;
    await zones.client.send(
      new ChangeTagsForResourceCommand({ ...resource, AddTags: [{ Key: "Name", Value: "east" }] }),
    );
    const { ResourceTagSet } = await zones.client.send(new ListTagsForResourceCommand(resource));
    expect(ResourceTagSet?.Tags).toEqual([{ Key: "Name", Value: "east" }]);
  });

  test("is the same one for the same request, and another one's reference is refused", async () => {
    const first = await create();
    expect((await create())?.Id).toBe(first?.Id);
    const refused = { name: "HealthCheckAlreadyExists", status: 409 };
    expect(await refusalOf(create("one", alarm("other")))).toMatchObject(refused);
    await zones.client.send(new DeleteHealthCheckCommand({ HealthCheckId: first?.Id ?? "" }));
    expect(await refusalOf(create())).toMatchObject(refused);
  });

  test("is listed page by page", async () => {
    const ids = [await create("one"), await create("two"), await create("three")].map(
      (check) => check?.Id,
    );
    const first = await zones.client.send(new ListHealthChecksCommand({ MaxItems: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, MaxItems: 2, NextMarker: ids[2] });
    const second = await zones.client.send(
      new ListHealthChecksCommand({ MaxItems: 2, Marker: first.NextMarker }),
    );
    expect(
      [...(first.HealthChecks ?? []), ...(second.HealthChecks ?? [])].map(({ Id }) => Id),
    ).toEqual(ids);
    expect(second.IsTruncated).toBe(false);
  });
});

describe("a health check is refused", () => {
  test.each<[string, HealthCheckConfig]>([
    ["without an alarm", { Type: "CLOUDWATCH_METRIC" }],
    ["with what only endpoints have", { ...alarm(), Port: 3306 }],
    [
      "with a status that is none",
      { ...alarm(), InsufficientDataHealthStatus: "Maybe" as "Healthy" },
    ],
  ])("%s", async (_how, config) => {
    expect(await refusalOf(create("one", config))).toMatchObject({
      name: "InvalidInput",
      status: 400,
    });
  });

  test("of a type that sends requests, because it is not modelled", async () => {
    expect(
      await refusalOf(create("one", { Type: "TCP", IPAddress: "1.2.3.4", Port: 3306 })),
    ).toMatchObject({ name: "NotModelled", status: 501 });
  });

  test("when it was changed since it was read", async () => {
    const HealthCheckId = (await create())?.Id ?? "";
    const update = new UpdateHealthCheckCommand({ HealthCheckId, HealthCheckVersion: 2 });
    expect(await refusalOf(zones.client.send(update))).toMatchObject({
      name: "HealthCheckVersionMismatch",
      status: 409,
    });
  });

  test("to tell a status that AWS does not tell either", async () => {
    const HealthCheckId = (await create())?.Id ?? "";
    const call = zones.client.send(new GetHealthCheckStatusCommand({ HealthCheckId }));
    expect(await refusalOf(call)).toMatchObject({ name: "InvalidInput", status: 400 });
  });

  test.each(["Get", "Update", "Delete"])("by %s when it is not there", async (verb) => {
    const input = { HealthCheckId: "none" };
    const command =
      verb === "Get"
        ? new GetHealthCheckCommand(input)
        : verb === "Update"
          ? new UpdateHealthCheckCommand(input)
          : new DeleteHealthCheckCommand(input);
    expect(await refusalOf(zones.client.send(command as GetHealthCheckCommand))).toEqual({
      name: "NoSuchHealthCheck",
      status: 404,
      message: "No health check exists with the specified ID none",
    });
  });

  test("as a page that begins nowhere", async () => {
    expect(
      await refusalOf(zones.client.send(new ListHealthChecksCommand({ Marker: "none" }))),
    ).toMatchObject({ name: "InvalidInput", status: 400 });
  });

  test("for tags of another kind of resource", async () => {
    const ResourceType = "zone" as TagResourceType;
    const call = new ListTagsForResourceCommand({ ResourceType, ResourceId: "x" });
    expect(await refusalOf(zones.client.send(call))).toMatchObject({ name: "InvalidInput" });
  });
});
