import {
  dnsSwitchEnvironment,
  dnsSwitchFunctionName,
  probeFunctionName,
  promotionRequested,
  promotionTag,
} from "@standby/topology";
import { invokeLine } from "../invoke-line.ts";
import type { Deployment } from "../observation.ts";
import { isSwitched } from "../steps/publish-name.ts";

/** What the page needs besides the deployment. */
export interface BreakGlassFacts {
  readonly deployment: Deployment;
  /** Of the replica: RDS would set a promoted one to a single day. */
  readonly backupRetentionDays: number;
  readonly writtenAt: Date;
}

/**
 * The failover by hand, for the day on which neither this command nor the program runs: AWS CLI lines with the real identifiers, in
 * order. Nothing of it is secret.
 */
export function breakGlassPage(facts: BreakGlassFacts): string {
  const { deployment, writtenAt } = facts;
  const { service, recoveryRegion, primaryRegion } = deployment;
  return `# Break glass: ${service} to ${recoveryRegion}

Written ${writtenAt.toISOString()} by \`standby preflight\`. For the loss of ${primaryRegion}, when \`standby failover\` and
\`pulumi up\` cannot be used. Each line is complete; run them in order, and stop when one fails.

${sections(facts)
  .map(
    ({ title, text, lines }, index) => `## ${index + 1}. ${title}\n\n${text}\n\n${fenced(lines)}`,
  )
  .join("\n\n")}
`;
}

const fenced = (lines: readonly string[]): string => ["```sh", ...lines, "```"].join("\n");

interface Section {
  readonly title: string;
  readonly text: string;
  readonly lines: readonly string[];
}

function sections({ deployment, backupRetentionDays }: BreakGlassFacts): readonly Section[] {
  const { recoveryRegion, recovery, accountId } = deployment;
  const { identifier, arn } = recovery.database;
  const here = `--region ${recoveryRegion}`;
  const instance = `--db-instance-identifier ${identifier} ${here}`;
  return [
    {
      title: "Who am I, and what is the replica's state",
      text: `The account must be ${accountId}. The replica must be \`available\`; a source ARN says that it is still a replica.`,
      lines: [
        `aws sts get-caller-identity ${here}`,
        `aws rds describe-db-instances ${instance} --query 'DBInstances[0].[DBInstanceStatus,ReadReplicaSourceDBInstanceIdentifier]' --output text`,
      ],
    },
    fenceSection(deployment),
    {
      title: "Promote the replica",
      text: "One-way. The tag is how the program knows later that this promotion was meant. The last line must print `None`.",
      lines: [
        `aws rds add-tags-to-resource --resource-name ${arn} --tags Key=${promotionTag},Value=${promotionRequested} ${here}`,
        `aws rds promote-read-replica ${instance} --backup-retention-period ${Math.max(1, backupRetentionDays)}`,
        `aws rds wait db-instance-available ${instance}`,
        `aws rds describe-db-instances ${instance} --query 'DBInstances[0].ReadReplicaSourceDBInstanceIdentifier' --output text`,
      ],
    },
    isSwitched(deployment) ? switchSection(deployment) : recordSection(deployment),
    proofSection(deployment),
    afterSection(deployment),
  ];
}

function fenceSection({ primaryRegion, primary }: Deployment): Section {
  const { identifier } = primary.database;
  const there = `--region ${primaryRegion}`;
  return {
    title: "Refuse writes in the lost Region, if it answers",
    text: "Skip this when it does not answer within a few seconds. Left out, the old database takes writes again when it returns.",
    lines: [
      `GROUP=$(aws rds describe-db-instances --db-instance-identifier ${identifier} ${there} --query 'DBInstances[0].DBParameterGroups[0].DBParameterGroupName' --output text --cli-read-timeout 5)`,
      `aws rds modify-db-parameter-group --db-parameter-group-name "$GROUP" --parameters ParameterName=read_only,ParameterValue=1,ApplyMethod=immediate ${there}`,
    ],
  };
}

function recordSection({
  zoneId,
  databaseHostName,
  recordTtlSeconds,
  recovery,
}: Deployment): Section {
  const batch = {
    Changes: [
      {
        Action: "UPSERT",
        ResourceRecordSet: {
          Name: databaseHostName,
          Type: "CNAME",
          TTL: recordTtlSeconds,
          ResourceRecords: [{ Value: recovery.database.address }],
        },
      },
    ],
  };
  return {
    title: "Move the name",
    text: "Route 53's control plane is in us-east-1: when it refuses, try again; the promotion stays.",
    lines: [
      `aws route53 change-resource-record-sets --hosted-zone-id ${zoneId} --change-batch '${JSON.stringify(batch)}'`,
    ],
  };
}

/** The function's whole environment: AWS replaces it, and knows no change of one variable. */
function switchSection({ service, primaryRegion, recoveryRegion }: Deployment): Section {
  const variables = {
    [dnsSwitchEnvironment.namedRegion]: recoveryRegion,
    [dnsSwitchEnvironment.primaryRegion]: primaryRegion,
    [dnsSwitchEnvironment.service]: service,
  };
  const texts = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const fn = `--function-name ${dnsSwitchFunctionName(service)} --region ${recoveryRegion}`;
  return {
    title: "Move the name",
    text: "A metric of this Region moves it, about a minute later; nothing of us-east-1 is needed.",
    lines: [
      `aws lambda update-function-configuration ${fn} --environment 'Variables={${texts.join(",")}}'`,
      `aws lambda wait function-updated-v2 ${fn}`,
      `aws lambda invoke ${fn} /dev/stdout   # "namedRegion": "${recoveryRegion}"`,
    ],
  };
}

function proofSection({
  service,
  recoveryRegion,
  recovery,
  databaseHostName,
}: Deployment): Section {
  const probe = recovery.probeFunctionName ?? probeFunctionName(service);
  const ask = (payload: object) =>
    invokeLine({ functionName: probe, region: recoveryRegion, payload });
  return {
    title: "Prove it",
    text: 'Both must answer `"ok":true`: the name resolves to the promoted database, and it takes a write.',
    lines: [
      ask({ ask: "resolve", host: databaseHostName }),
      ask({ ask: "canary", address: recovery.database.address }),
    ],
  };
}

const afterSection = ({
  recoveryStack,
  primaryStack,
  recoveryRegion,
  primaryRegion,
}: Deployment): Section => ({
  title: "Afterwards, when the tools work again",
  text: "The flags say what was done, so that the next update keeps it. The second Region comes back by `standby rebuild`.",
  lines: [
    `pulumi config set failover true -s ${recoveryStack}`,
    `pulumi config set fenced true -s ${primaryStack}`,
    `git commit -m "Fail over to ${recoveryRegion}" Pulumi.${recoveryStack}.yaml Pulumi.${primaryStack}.yaml && git push`,
    `pulumi up --refresh -s ${recoveryStack}`,
    `standby rebuild   # when ${primaryRegion} is back`,
  ],
});
