import { expect, it } from "vitest";
import { check } from "../../src/provider/check.ts";
import { contractOf } from "../../src/provider/contract.ts";
import type { PropertyMap } from "../../src/provider/property-values.ts";
import { unknown } from "../../src/provider/property-values.ts";

const instance = "aws:rds/instance:Instance";
const secret = "aws:secretsmanager/secret:Secret";
const record = "aws:route53/record:Record";

const checked = (type: string, inputs: PropertyMap, oldInputs: PropertyMap = {}) =>
  check({
    contract: contractOf(type),
    name: "db",
    oldInputs,
    inputs,
    randomSeed: Buffer.from("seed"),
    providerRegion: "us-west-2",
    defaultTags: {},
  });

it.each([
  [
    "a missing argument",
    instance,
    {},
    `Missing required argument. The argument "instance_class" is required, but no definition was found.. Examine values at 'db.instanceClass'.`,
  ],
  [
    "a user on a replica",
    instance,
    { instanceClass: "x", replicateSourceDb: "arn:aws:rds:us-east-1:1:db:a", username: "admin" },
    `Conflicting configuration arguments. "username": conflicts with replicate_source_db. Examine values at 'db.username'.`,
  ],
  [
    "a record without a target",
    record,
    { name: "a", type: "CNAME", zoneId: "Z1" },
    `Invalid combination of arguments. "alias": one of \`alias,records\` must be specified. Examine values at 'db.aliases'.`,
  ],
  [
    "records without a TTL's partner",
    record,
    { name: "a", type: "A", zoneId: "Z1", ttl: 30, aliases: [{}] },
    `Missing required argument. "ttl": all of \`records,ttl\` must be specified. Examine values at 'db.ttl'.`,
  ],
  [
    "a nested missing argument",
    secret,
    { replicas: [{ kmsKeyId: "k" }] },
    `Missing required argument. The argument "replica.0.region" is required, but no definition was found.. Examine values at 'db.replicas[0].region'.`,
  ],
  ["an unknown key", secret, { nmae: "x" }, `Invalid or unknown key. Examine values at 'db.nmae'.`],
])("refuses %s in the provider's own words", (_case, type, inputs, reason) => {
  expect(checked(type, inputs).failures).toContain(reason);
});

it("lets values that are not known yet pass a conflict", () => {
  const inputs = { instanceClass: "x", replicateSourceDb: unknown, username: "admin" };
  expect(checked(instance, inputs).failures).toEqual([]);
});

it("fills in the Region, the truthy defaults and a name, and lists what it filled in", () => {
  const { inputs } = checked(secret, {});
  expect(inputs).toMatchObject({
    region: "us-west-2",
    recoveryWindowInDays: 30,
    __defaults: ["name", "recoveryWindowInDays"],
  });
  expect(inputs["name"]).toMatch(/^db-[0-9a-f]{7}$/);
  expect(inputs).not.toHaveProperty("forceOverwriteReplicaSecret");
});

it("names a database without a separator", () => {
  expect(checked(instance, { instanceClass: "x" }).inputs["identifier"]).toMatch(/^db[0-9a-f]{7}$/);
});

it("gives no Region to a global type", () => {
  const inputs = { name: "a", type: "A", zoneId: "Z1", ttl: 1, records: ["1.1.1.1"] };
  expect(checked(record, inputs).inputs).not.toHaveProperty("region");
});

it("keeps an automatic name for good, after a refresh too, and drops a name that the program had given", () => {
  const name = "db-1234567";
  expect(checked(secret, {}, { name, __defaults: ["name"] }).inputs["name"]).toBe(name);
  expect(checked(secret, {}, { name }).inputs["name"]).toBe(name);
  expect(checked(secret, {}, { name, __defaults: [] }).inputs["name"]).not.toBe(name);
});

it("goes back to a default when the program takes its own value away", () => {
  const { inputs } = checked(secret, {}, { recoveryWindowInDays: 7, __defaults: [] });
  expect(inputs["recoveryWindowInDays"]).toBe(30);
});

it("fills in the defaults of nested objects and lists them there", () => {
  const { inputs } = checked("aws:rds/parameterGroup:ParameterGroup", {
    family: "mysql8.4",
    parameters: [{ name: "a", value: "1" }],
  });
  expect(inputs["parameters"]).toEqual([
    { name: "a", value: "1", applyMethod: "immediate", __defaults: ["applyMethod"] },
  ]);
});

it("merges the provider's default tags under the resource's own", () => {
  const { inputs } = check({
    contract: contractOf(secret),
    name: "db",
    oldInputs: {},
    inputs: { tags: { service: "orders" } },
    randomSeed: Buffer.from("seed"),
    providerRegion: "us-west-2",
    defaultTags: { team: "store", service: "other" },
  });
  expect(inputs["tags"]).toEqual({ service: "orders" });
  expect(inputs["tagsAll"]).toEqual({ team: "store", service: "orders" });
});
