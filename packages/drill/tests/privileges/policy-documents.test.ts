import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { PolicyDocument } from "@standby/local-cloud";
import { describe, expect, it } from "vitest";

const actionsIn = (name: string): readonly string[] => {
  const file = fileURLToPath(new URL(`../../../../docs/policies/${name}.json`, import.meta.url));
  const { Statement } = JSON.parse(readFileSync(file, "utf8")) as PolicyDocument;
  return Statement.flatMap(({ Action }) => Action);
};

describe("the failover role's document", () => {
  const actions = actionsIn("failover");

  it("can promote, move the name and ask", () => {
    for (const action of [
      "rds:PromoteReadReplica",
      "rds:DescribeDBInstances",
      "route53:ChangeResourceRecordSets",
      "lambda:InvokeFunction",
    ])
      expect(actions).toContain(action);
  });

  it("can make, delete and grant nothing, and read no value of a secret but by the functions", () => {
    const forbidden =
      /:(Create(?!OrUpdateTags)|Delete(?!Object$)|Remove|Replicate|Rotate|PassRole)|^iam:|PutResourcePolicy/;
    expect(actions.filter((action) => forbidden.test(action))).toEqual([]);
    expect(actions.filter((action) => action.endsWith("*"))).toEqual([]);
  });
});

it("the deployer's document deletes no database, secret, key, zone or bucket", () => {
  const forbidden =
    /:(DeleteDBInstance|DeleteSecret|ScheduleKeyDeletion|DeleteHostedZone|DeleteBucket|RemoveRegionsFromReplication|\*)$/;
  expect(actionsIn("deployer").filter((action) => forbidden.test(action))).toEqual([]);
});
