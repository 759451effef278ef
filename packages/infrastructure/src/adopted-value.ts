import { isRdsName, parseDatabaseSecret } from "@standby/topology";
import type { Refusal } from "./refusal.ts";

/*
 * What has to be true of the value of a secret that existed before. It is looked at and never kept: a refusal names fields, never
 * what they hold.
 */

export interface AdoptedValueFacts {
  readonly stack: string;
  readonly region: string;
  readonly arn: string;
  readonly databaseHostName: string;
  /** The master user of a database that is to be created with the secret's password; absent when one exists. */
  readonly newUser?: string;
}

const key = "standby:secret.existing";

/** The value cannot be used at all. */
export function adoptedValueRefusals(facts: AdoptedValueFacts, value: string): readonly Refusal[] {
  const { stack, arn, region, newUser } = facts;
  const result = parseDatabaseSecret(value);
  if ("problems" in result) {
    const problems = result.problems.map(({ key: field, reason }) => `${field} ${reason}`);
    return [
      {
        key,
        reason: `names a secret whose value is not that of a database: ${problems.join(", ")}`,
        next: `write the fields engine, host, port, username, password and dbname into value.json, then aws secretsmanager put-secret-value --secret-id ${arn} --secret-string file://value.json --region ${region}; then pulumi preview -s ${stack}`,
      },
    ];
  }
  return newUser === undefined || result.secret.username === newUser
    ? []
    : [
        {
          key: "standby:database.username",
          reason: "is not the username in the secret that secret.existing names",
          next: `edit Pulumi.${stack}.yaml, then pulumi preview -s ${stack}`,
        },
      ];
}

/** Copied as it is, this host would lead the other Region's applications to a database that a failover leaves behind. */
export function adoptedHostProblem(facts: AdoptedValueFacts, value: string): Refusal | undefined {
  const result = parseDatabaseSecret(value);
  if ("problems" in result || result.secret.host === facts.databaseHostName) return undefined;
  return {
    key,
    reason: isRdsName(result.secret.host)
      ? "names a secret whose host is an RDS endpoint, which is lost with its Region; it must be the CNAME before it is copied to other Regions"
      : "names a secret whose host is not databaseHostName: whoever connects by it does not follow a failover",
    next: setHost(facts),
  };
}

/** The value goes from process to process and is no argument of any: `ps` shows arguments to everybody. */
const setHost = ({ stack, arn, region, databaseHostName }: AdoptedValueFacts): string =>
  [
    `when ${databaseHostName} resolves: aws secretsmanager get-secret-value --secret-id ${arn} --query SecretString --output text --region ${region}`,
    `jq -c '.host = "${databaseHostName}"'`,
    `aws secretsmanager put-secret-value --secret-id ${arn} --secret-string file:///dev/stdin --region ${region} && pulumi up -s ${stack}`,
  ].join(" | ");
