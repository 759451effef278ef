import { type DBInstance, DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { hasCode } from "../aws-call-error.ts";
import type { Scope } from "../resource-handler.ts";
import { type StateWait, untilState } from "../waiting.ts";

const resourceId = /^db-[0-9A-Za-z]{2,255}$/;

const describe = async (
  scope: Scope,
  search: { DBInstanceIdentifier: string } | { Filters: { Name: string; Values: string[] }[] },
): Promise<DBInstance | undefined> => {
  try {
    const command = new DescribeDBInstancesCommand(search);
    const answer = await scope.aws.rds.send(command, { abortSignal: scope.signal });
    return answer.DBInstances?.[0];
  } catch (error) {
    if (hasCode(error, "DBInstanceNotFound")) return undefined;
    throw error;
  }
};

/** By resource id when the name looks like one, then by identifier. */
export const findDatabase = async (scope: Scope, id: string): Promise<DBInstance | undefined> => {
  const byResourceId = resourceId.test(id)
    ? await describe(scope, { Filters: [{ Name: "dbi-resource-id", Values: [id] }] })
    : undefined;
  return byResourceId ?? (await describe(scope, { DBInstanceIdentifier: id }));
};

/** What a database passes through on its way to `available`; anything else fails a wait at once. */
const passing = [
  "backing-up",
  "configuring-enhanced-monitoring",
  "configuring-iam-database-auth",
  "configuring-log-exports",
  "creating",
  "maintenance",
  "modifying",
  "moving-to-vpc",
  "rebooting",
  "renaming",
  "resetting-master-credentials",
  "starting",
  "stopping",
  "storage-config-upgrade",
  "storage-full",
  "storage-initialization",
  "upgrading",
];

const wait = (id: string, scope: Scope, rest: Pick<StateWait, "targets" | "pending">) =>
  untilState(
    {
      look: async () => (await findDatabase(scope, id))?.DBInstanceStatus,
      waiter: scope.dials.databaseWaiter,
      ...rest,
    },
    scope,
  );

export const untilAvailable = (id: string, scope: Scope): Promise<void> =>
  wait(id, scope, { targets: ["available", "storage-optimization"], pending: passing });

export const untilGone = (id: string, scope: Scope): Promise<void> =>
  wait(id, scope, { targets: [undefined] });
