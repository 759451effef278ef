import type { Call, PolicyDocument, Statement } from "@standby/local-cloud";
import type { AwsOnly } from "./aws-only.ts";

/** Words in the documents that whoever installs them replaces. */
const account = "<account>";
const service = "<service>";

/** Where the resources of a service can be named beforehand. Elsewhere their ids are made up by AWS. */
const resources: Readonly<Record<string, string | readonly string[]>> = {
  iam: `arn:aws:iam::${account}:role/${service}-*`,
  lambda: `arn:aws:lambda:*:${account}:function:${service}-*`,
  logs: `arn:aws:logs:*:${account}:log-group:/aws/lambda/${service}-*`,
  rds: `arn:aws:rds:*:${account}:*`,
  s3: [service, "<state-bucket>"].flatMap((bucket) => {
    const arn = `arn:aws:s3:::${bucket}${bucket === service ? "-*" : ""}`;
    return [arn, `${arn}/*`];
  }),
  secretsmanager: `arn:aws:secretsmanager:*:${account}:secret:${service}/*`,
};

/** AWS knows no resource for these. */
const withoutResource: readonly string[] = [
  "iam:CreateServiceLinkedRole",
  "logs:DescribeLogGroups",
  "rds:DescribeDBEngineVersions",
  "secretsmanager:GetRandomPassword",
  "secretsmanager:ListSecrets",
];

const sid = (name: string, open: boolean): string =>
  `${name[0]?.toUpperCase()}${name.slice(1)}${open ? "Any" : ""}`.replace(/\W/g, "");

/** Actions that the recorded calls of a person need. */
export const actionsOf = (calls: readonly Call[]): readonly string[] =>
  [
    ...new Set(
      calls
        .filter(({ status = 500 }) => status < 400)
        .flatMap(({ permissions = [] }) => permissions.map(({ action }) => action)),
    ),
  ].sort();

/** The document that allows these actions, and nothing else, to the resources of one service name. */
export function deployerPolicy(
  recorded: readonly string[],
  awsOnly: readonly AwsOnly[],
  /** Where a role is narrower than its actions' service, by the service's prefix. */
  narrower: Readonly<Record<string, string>> = {},
): PolicyDocument & { readonly Version: string } {
  const actions = [...new Set([...recorded, ...awsOnly.map(({ action }) => action)])].sort();
  const groups = new Map<string, string[]>();
  for (const action of actions) {
    const [prefix = ""] = action.split(":");
    const named = narrower[prefix] ?? resources[prefix];
    const open = withoutResource.includes(action) || named === undefined;
    const key = `${prefix} ${open ? "any" : "own"}`;
    groups.set(key, [...(groups.get(key) ?? []), action]);
  }
  const statements = [...groups].map(([key, group]): Statement => {
    const [prefix = "", reach] = key.split(" ");
    return {
      Sid: sid(prefix, reach === "any"),
      Effect: "Allow",
      Action: group,
      Resource: reach === "any" ? "*" : (narrower[prefix] ?? resources[prefix] ?? "*"),
    };
  });
  return { Version: "2012-10-17", Statement: statements };
}
