import { afterEach, beforeEach, expect, it } from "vitest";
import { unknown } from "../../src/provider/property-values.ts";
import { east, west } from "../aws-fixture.ts";
import { failureOf, ProviderClient } from "./provider-client.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";

const secretType = "aws:secretsmanager/secret:Secret";

let cloud: ProviderCloud;

beforeEach(async () => {
  cloud = await startProviderCloud();
});
afterEach(() => cloud.close());

it("asks STS in the provider's own Region who it is, before anything else", async () => {
  await cloud.connect(west);
  const calls = cloud.log.calls().map(({ region, operation }) => `${region} ${operation}`);
  expect(calls).toEqual(["us-west-2 GetCallerIdentity"]);
});

it("answers like the bridged provider: previews, and no secrets", async () => {
  const client = await cloud.connect(west);
  expect((await client.configure({ region: west })).toObject()).toMatchObject({
    acceptsecrets: false,
    supportspreview: true,
  });
});

it("refuses to be configured for a Region that is lost, and for none", async () => {
  await cloud.outages.lose(east, "5xx");
  const client = new ProviderClient(cloud.port);
  const lost = await failureOf(client.configure({ region: east }));
  expect(lost.message).toContain("unable to validate AWS credentials: operation error STS");
  expect((await failureOf(client.configure({}))).message).toContain("aws:region");
  client.close();
});

it("gives up a call into a Region that answers nothing, and lets the other Region's go on", async () => {
  const [one, other] = [await cloud.connect(east), await cloud.connect(west)];
  await cloud.outages.lose(east, "hang");
  const failure = await failureOf(one.make(secretType, { name: "orders" }));
  expect(failure.message).toContain(
    "operation error Secrets Manager: CreateSecret, request send failed, TimeoutError",
  );
  expect((await other.make(secretType, { name: "orders" })).outputs["name"]).toBe("orders");
});

it("refuses work before it is configured", async () => {
  const client = new ProviderClient(cloud.port);
  const failure = await failureOf(client.make(secretType, { name: "orders" }));
  expect(failure.message).toContain("Configure comes first");
  client.close();
});

it("serves two Regions at the same time by their connections", async () => {
  const [one, other] = [await cloud.connect(east), await cloud.connect(west)];
  const made = await Promise.all([
    one.make(secretType, { name: "orders" }),
    other.make(secretType, { name: "orders" }),
    one.make(secretType, { name: "third", region: west }),
  ]);
  expect(made.map(({ id }) => id.split(":")[3])).toEqual([east, west, west]);
});

it("goes on with a connection after the cancel that ends each phase", async () => {
  const client = await cloud.connect(west);
  await client.cancel();
  expect((await client.make(secretType, { name: "orders" })).outputs["name"]).toBe("orders");
});

it("previews without any call to AWS", async () => {
  const client = await cloud.connect(west);
  cloud.newCalls();
  const preview = await client.create(secretType, { name: "orders" }, { preview: true });
  expect(preview.outputs).toMatchObject({ arn: unknown, name: "orders" });
  expect(cloud.newCalls()).toEqual([]);
});

it("previews an update as the state that it would leave", async () => {
  const client = await cloud.connect(west);
  const made = await client.make(secretType, { name: "orders" });
  cloud.newCalls();
  const inputs = { ...made.inputs, description: unknown };
  const preview = await client.update(secretType, made, inputs, { preview: true });
  expect(preview.outputs).toMatchObject({ arn: made.id, description: unknown });
  expect(cloud.newCalls()).toEqual([]);
});

it("splits the provider's default tags from a resource's own", async () => {
  const client = await cloud.connect(west, {
    defaultTags: JSON.stringify({ tags: { team: "store" } }),
  });
  const made = await client.make(secretType, { name: "orders", tags: { service: "orders" } });
  expect(made.outputs["tags"]).toEqual({ service: "orders" });
  expect(made.outputs["tagsAll"]).toEqual({ team: "store", service: "orders" });
});

it("imports from the Region that an import id names", async () => {
  const [one, other] = [await cloud.connect(east), await cloud.connect(west)];
  const { id } = await other.make(secretType, { name: "orders" });
  expect((await one.read(secretType, { id: `${id}@${west}` }))?.outputs["region"]).toBe(west);
});

it("names what it knows when it is asked for another type or function", async () => {
  const client = await cloud.connect(west);
  const type = await failureOf(client.check("aws:dynamodb/table:Table", {}));
  expect(type.message).toContain("NotModelled");
  const token = await failureOf(client.invoke("aws:dynamodb/getTable:getTable", {}));
  expect(token.message).toContain("NotModelled");
});
