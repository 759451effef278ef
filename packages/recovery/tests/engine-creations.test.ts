import { describe, expect, it } from "vitest";
import { pendingCreations, withCreations } from "../src/engine-creations.ts";

const urn = (type: string, name: string) => `urn:pulumi:prod-east::standby::${type}::${name}`;
const database = urn("aws:rds/instance:Instance", "database-2");
const component = urn("standby:database:RegionalDatabase", "database-2");
const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:abc",
};
const operation = (type: string, resource: object) => ({ type, resource });

const exported = JSON.stringify({
  version: 3,
  deployment: {
    resources: [{ urn: "urn:stack", type: "pulumi:pulumi:Stack" }],
    pending_operations: [
      operation("creating", {
        urn: database,
        type: "aws:rds/instance:Instance",
        custom: true,
        parent: "urn:stack",
        inputs: { identifier: "orders-prod-2", password: secret },
      }),
      operation("creating", { urn: component, type: "standby:database:RegionalDatabase" }),
      operation("updating", { urn: "urn:record", type: "aws:route53/record:Record" }),
    ],
  },
});

describe("creations that a killed engine left pending", () => {
  it("are read with the name that AWS would know them by", () => {
    expect(pendingCreations(exported)).toEqual([
      {
        urn: database,
        type: "aws:rds/instance:Instance",
        physicalName: "orders-prod-2",
        isComponent: false,
      },
      {
        urn: component,
        type: "standby:database:RegionalDatabase",
        physicalName: undefined,
        isComponent: true,
      },
    ]);
  });

  it("become resources of the state when they exist, with what the program gave and its secrets still encrypted", () => {
    const { deployment } = JSON.parse(withCreations(exported, new Map([[database, "db-1"]])));
    expect(deployment.resources).toHaveLength(2);
    expect(deployment.resources[1]).toMatchObject({
      urn: database,
      id: "db-1",
      parent: "urn:stack",
      outputs: { id: "db-1", identifier: "orders-prod-2", password: secret },
    });
    expect(deployment.pending_operations).toEqual([
      operation("updating", { urn: "urn:record", type: "aws:route53/record:Record" }),
    ]);
  });

  it("are forgotten when they do not", () => {
    const { deployment } = JSON.parse(withCreations(exported, new Map()));
    expect(deployment.resources).toHaveLength(1);
    expect(deployment.pending_operations).toHaveLength(1);
  });
});
