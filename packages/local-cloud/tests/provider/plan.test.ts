import { describe, expect, it } from "vitest";
import { contractOf } from "../../src/provider/contract.ts";
import { plan, previewOfCreation } from "../../src/provider/plan.ts";
import type { PropertyMap } from "../../src/provider/property-values.ts";
import { unknown } from "../../src/provider/property-values.ts";

const instance = "aws:rds/instance:Instance";
const secret = "aws:secretsmanager/secret:Secret";
const zone = "aws:route53/zone:Zone";
const source = "arn:aws:rds:us-east-1:123456789012:db:orders-1";

const replica = {
  identifier: "orders-west-1",
  instanceClass: "db.t4g.micro",
  region: "us-west-2",
  replicateSourceDb: source,
  storageEncrypted: true,
};
const replicaState = {
  ...replica,
  username: "admin",
  engine: "mysql",
  backupRetentionPeriod: 7,
  deletionProtection: true,
  parameterGroupName: "default.mysql8.4",
  status: "available",
};
const inputs = { ...replica, deletionProtection: true };
const without = (map: PropertyMap, name: string): PropertyMap => {
  const { [name]: _gone, ...rest } = map;
  return rest;
};

/** What a state has beside what a test is about. */
const complete = (type: string, state: PropertyMap): PropertyMap => {
  const defaults = Object.entries(contractOf(type).inputs)
    .filter(([, field]) => field.default !== undefined)
    .map(([name, field]) => [name, field.default]);
  return { ...Object.fromEntries(defaults), ...state };
};
const planned = (type: string, state: PropertyMap, wanted: PropertyMap, ignored: string[] = []) =>
  plan({ type, state: complete(type, state), inputs: wanted, ignoreChanges: ignored });
const summary = (type: string, state: PropertyMap, wanted: PropertyMap, ignored: string[] = []) =>
  planned(type, state, wanted, ignored).differences.map(
    ({ path, kind, replaces }) => `${kind}${replaces ? "-replace" : ""} ${path}`,
  );

describe("a replica", () => {
  it.each<[string, PropertyMap, string[]]>([
    ["unchanged is no difference", inputs, []],
    [
      "without its source is an update in place",
      without(inputs, "replicateSourceDb"),
      ["delete replicateSourceDb"],
    ],
    [
      "with a user, now that it is primary, is a replacement",
      { ...without(inputs, "replicateSourceDb"), username: "root" },
      ["delete replicateSourceDb", "update-replace username"],
    ],
    [
      "without the stated encryption is a replacement",
      without(inputs, "storageEncrypted"),
      ["delete-replace storageEncrypted"],
    ],
    [
      "without deletion protection turns it off",
      without(inputs, "deletionProtection"),
      ["delete deletionProtection"],
    ],
    [
      "with a new identifier is renamed in place",
      { ...inputs, identifier: "b" },
      ["update identifier"],
    ],
    [
      "in another Region is a replacement",
      { ...inputs, region: "eu-west-1" },
      ["update-replace region"],
    ],
    [
      "by the bare identifier of the same source is no difference",
      { ...inputs, replicateSourceDb: "orders-1" },
      [],
    ],
    [
      "with a value that is not known yet is an update",
      { ...inputs, kmsKeyId: unknown },
      ["add-replace kmsKeyId"],
    ],
  ])("%s", (_case, wanted, expected) => {
    expect(summary(instance, replicaState, wanted).sort()).toEqual(expected.sort());
  });

  it("keeps what AWS computes when the program leaves it out", () => {
    const { planned: state } = planned(instance, replicaState, inputs);
    expect(state).toMatchObject({
      backupRetentionPeriod: 7,
      parameterGroupName: "default.mysql8.4",
    });
  });

  it("loses its source in the planned state, which a failed update leaves behind", () => {
    const wanted = without(inputs, "replicateSourceDb");
    expect(planned(instance, replicaState, wanted).planned).not.toHaveProperty("replicateSourceDb");
  });

  it("keeps an ignored property in the plan", () => {
    const wanted = without(inputs, "replicateSourceDb");
    expect(summary(instance, replicaState, wanted, ["replicateSourceDb"])).toEqual([]);
    const { planned: state } = planned(instance, replicaState, wanted, ["replicateSourceDb"]);
    expect(state["replicateSourceDb"]).toBe(source);
  });

  it("refuses a bare source beside a subnet group, already in the preview", () => {
    const wanted = { ...inputs, replicateSourceDb: "orders-2", dbSubnetGroupName: "net" };
    expect(() => planned(instance, replicaState, wanted)).toThrow(
      `"replicate_source_db" must be an ARN when "db_subnet_group_name" is set.`,
    );
  });

  it("refuses a blue/green update beside a source", () => {
    const wanted = { ...inputs, blueGreenUpdate: { enabled: true } };
    expect(() => planned(instance, replicaState, wanted)).toThrow(
      `"blue_green_update.enabled" cannot be set when "replicate_source_db" is set.`,
    );
  });
});

it("deletes first only when a replaced resource has a name that the program chose", () => {
  const wanted = without(inputs, "storageEncrypted");
  expect(planned(instance, replicaState, wanted).deleteBeforeReplace).toBe(true);
  const automatic = { ...wanted, __defaults: ["identifier"] };
  expect(planned(instance, replicaState, automatic).deleteBeforeReplace).toBe(false);
  expect(planned(instance, replicaState, inputs).deleteBeforeReplace).toBe(false);
});

it("calls the unchanged properties that would replace stable", () => {
  const { stables } = planned(instance, replicaState, { ...inputs, kmsKeyId: "k" });
  expect(stables).toContain("username");
  expect(stables).not.toContain("kmsKeyId");
});

describe("a secret's replicas", () => {
  const west = { region: "us-west-2", kmsKeyId: "key-west" };
  const told = { ...west, status: "InSync", statusMessage: "", lastAccessedDate: "today" };
  const state = { name: "orders", replicas: [told, { region: "eu-west-1", kmsKeyId: "" }] };

  it.each<[string, PropertyMap[] | undefined, string[]]>([
    [
      "in another order and without their status are no difference",
      [{ region: "eu-west-1" }, west],
      [],
    ],
    ["left out keep what the state has", undefined, []],
    ["emptied are all removed", [], ["delete replicas"]],
    [
      "under another key are an update",
      [{ ...west, kmsKeyId: "other" }, { region: "eu-west-1" }],
      ["update replicas[0]"],
    ],
  ])("%s", (_case, replicas, expected) => {
    const wanted = { name: "orders", ...(replicas ? { replicas } : {}) };
    expect(summary(secret, state, wanted)).toEqual(expected);
  });
});

it("takes an equivalent policy for the same", () => {
  const statement = { Effect: "Allow", Action: ["a:b"], Resource: "*" };
  const stored = JSON.stringify({ Statement: [statement], Version: "2012-10-17" });
  const spelled = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Resource: ["*"], Action: "a:b", Effect: "Allow" },
  });
  expect(summary(secret, { policy: stored }, { policy: spelled })).toEqual([]);
  const other = spelled.replace("a:b", "a:c");
  expect(summary(secret, { policy: stored }, { policy: other })).toEqual(["update policy"]);
});

it("shows a zone's association made elsewhere as a removal, and compares VPCs by id alone", () => {
  const state = { name: "x", vpcs: [{ vpcId: "vpc-1", vpcRegion: "us-west-2" }] };
  expect(summary(zone, state, { name: "x", vpcs: [{ vpcId: "vpc-1" }] })).toEqual([]);
  const both = { ...state, vpcs: [...state.vpcs, { vpcId: "vpc-2", vpcRegion: "us-east-1" }] };
  expect(summary(zone, both, { name: "x", vpcs: [{ vpcId: "vpc-1" }] })).toEqual([
    "delete vpcs[1]",
  ]);
  expect(summary(zone, both, { name: "x", vpcs: [{ vpcId: "vpc-1" }] }, ["vpcs"])).toEqual([]);
});

it("says which tag changed, in the tags and in all tags", () => {
  const state = { name: "s", tags: { a: "1", b: "2" }, tagsAll: { a: "1", b: "2" } };
  const wanted = { name: "s", tags: { a: "1", b: "3" }, tagsAll: { a: "1", b: "3" } };
  expect(summary(secret, state, wanted)).toEqual(["update tags.b", "update tagsAll.b"]);
});

it("previews what only AWS can tell as unknown", () => {
  const { planned: state } = planned(instance, {}, inputs);
  expect(previewOfCreation(instance, state)).toMatchObject({
    id: unknown,
    arn: unknown,
    address: unknown,
    username: unknown,
    identifier: "orders-west-1",
    replicateSourceDb: source,
    skipFinalSnapshot: false,
  });
});

it("names the types it knows when it meets another", () => {
  expect(() => planned("aws:dynamodb/table:Table", {}, {})).toThrow(
    /NotModelled: .*aws:rds\/instance/,
  );
});
