import { expect, it } from "vitest";
import { plannedChanges } from "../src/preview.ts";

const urn = (type: string) => `urn:pulumi:prod-west::standby::standby:index:Database$${type}::x`;

it("keeps what would change, with the resource's own type and the properties' top names", () => {
  const document = {
    config: {},
    steps: [
      { op: "same", urn: urn("aws:kms/key:Key") },
      { op: "read", urn: urn("pulumi:pulumi:StackReference") },
      { op: "discard", urn: urn("pulumi:pulumi:StackReference") },
      {
        op: "update",
        urn: urn("aws:route53/record:Record"),
        detailedDiff: { "records[0]": { kind: "update" }, "records[1]": { kind: "add" } },
      },
      {
        op: "update",
        urn: urn("aws:rds/instance:Instance"),
        diffReasons: ["replicateSourceDb"],
        detailedDiff: null,
      },
    ],
  };
  expect(plannedChanges(JSON.stringify(document))).toMatchObject([
    { type: "aws:route53/record:Record", operation: "update", properties: ["records"] },
    { type: "aws:rds/instance:Instance", operation: "update", properties: ["replicateSourceDb"] },
  ]);
});

it("refuses a document without steps", () => {
  expect(() => plannedChanges("{}")).toThrow(TypeError);
});
