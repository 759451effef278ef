import type { Call, Statement } from "@standby/local-cloud";
import { describe, expect, it } from "vitest";
import { functionAwsOnly } from "../../privileges/aws-only.ts";
import { deployerPolicy } from "../../privileges/deployer-policy.ts";
import { matrixText, mergedMatrix, privilegeMatrix } from "../../privileges/matrix.ts";
import { installed, refusedOf } from "../../privileges/reach.ts";

const secret = "arn:aws:secretsmanager:us-west-2:123456789012:secret:orders-prod/database-AbCdEf";

const call = (action: string, over: Partial<Call> = {}): Call => ({
  sequence: 1,
  at: "2026-11-24T03:12:44.000Z",
  region: "us-west-2",
  service: "secretsmanager",
  operation: "GetSecretValue",
  principal: "arn:aws:sts::123456789012:assumed-role/orders-us-west-2/orders-api",
  outcome: "answered",
  status: 200,
  permissions: [{ action, resource: secret, context: {} }],
  ...over,
});

const matrix = (statements: readonly Statement[], calls: readonly Call[]) =>
  privilegeMatrix(
    [{ role: "orders-us-west-2", policy: "orders-api", document: { Statement: statements } }],
    calls,
  );

const read = (Action: string | readonly string[]): Statement => ({
  Sid: "Read",
  Effect: "Allow",
  Action,
  Resource: secret,
});

describe("the matrix of a function's permissions", () => {
  it("counts the calls that each action alone lets through", () => {
    const actions = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"];
    const rows = matrix(
      [read(actions)],
      [
        call("secretsmanager:GetSecretValue"),
        call("secretsmanager:GetSecretValue"),
        call("secretsmanager:DescribeSecret", { status: 400 }),
        call("secretsmanager:DescribeSecret", { principal: "arn:aws:iam::123456789012:user/ann" }),
      ],
    );
    expect(rows.map(({ action, breaks, held }) => ({ action, breaks, held }))).toEqual([
      { action: "secretsmanager:GetSecretValue", breaks: 2, held: true },
      { action: "secretsmanager:DescribeSecret", breaks: 0, held: false },
    ]);
    expect(matrixText(rows)).toMatch(/FAIL.*DescribeSecret: NOTHING BREAKS WITHOUT IT/);
  });

  it("takes a permission for needless that another one gives too", () => {
    const rows = matrix(
      [read("secretsmanager:GetSecretValue"), { ...read("secretsmanager:*"), Sid: "All" }],
      [call("secretsmanager:GetSecretValue")],
    );
    expect(rows.map(({ held }) => held)).toEqual([false, false]);
  });

  it("takes for needed what any of several deployments needs, each by its own resources", () => {
    const unused = matrix([read("secretsmanager:GetSecretValue")], []);
    const used = matrix(
      [read("secretsmanager:GetSecretValue")],
      [call("secretsmanager:GetSecretValue")],
    );
    for (const matrices of [
      [unused, used],
      [used, unused],
    ])
      expect(mergedMatrix(matrices)).toMatchObject([{ breaks: 1, held: true }]);
    expect(mergedMatrix([unused, unused])).toMatchObject([{ breaks: 0, held: false }]);
  });

  it("lets stay what only AWS uses, with the reason and its source", () => {
    const [row] = matrix([read("logs:PutLogEvents")], []);
    expect(row).toMatchObject({ breaks: 0, held: true });
    expect(row?.awsOnly).toMatch(/Lambda writes .* https:/);
    for (const { source } of functionAwsOnly) expect(source).toMatch(/^https:/);
  });
});

describe("the document of a deployer's role", () => {
  it("allows what was called to the service's own resources, and nothing else", () => {
    const document = deployerPolicy(["rds:PromoteReadReplica", "route53:GetChange"], []);
    expect(document.Statement).toEqual([
      {
        Sid: "Rds",
        Effect: "Allow",
        Action: ["rds:PromoteReadReplica"],
        Resource: "arn:aws:rds:*:<account>:*",
      },
      { Sid: "Route53Any", Effect: "Allow", Action: ["route53:GetChange"], Resource: "*" },
    ]);
  });
});

describe("an installed document", () => {
  const document = installed(
    {
      Statement: [
        {
          Effect: "Allow",
          Action: ["secretsmanager:GetSecretValue"],
          Resource: "arn:aws:secretsmanager:*:<account>:secret:<service>/*",
        },
      ],
    },
    { "<account>": "123456789012", "<service>": "orders-prod" },
  );

  it("refuses an action that it does not name, and a resource of another service", () => {
    const resource = secret.replace("orders-prod", "billing");
    const permissions = [{ action: "secretsmanager:GetSecretValue", resource, context: {} }];
    const calls = [call("secretsmanager:GetSecretValue"), call("secretsmanager:PutSecretValue")];
    expect(refusedOf(document, calls)).toEqual(["secretsmanager:PutSecretValue"]);
    expect(refusedOf(document, [call("", { permissions })])).toEqual([
      "secretsmanager:GetSecretValue",
    ]);
  });

  it("is not asked about calls that failed", () => {
    expect(refusedOf(document, [call("rds:DeleteDBInstance", { status: 403 })])).toEqual([]);
  });
});
