import type { PromoteReadReplicaMessage, PromoteReadReplicaResult } from "@aws-sdk/client-rds";
import { operation } from "../operation.ts";
import type { Operation } from "../service.ts";
import type { RdsContext } from "./context.ts";
import { checkBackupRetention } from "./creation-rules.ts";
import { invalidInstanceState } from "./errors.ts";
import type { DatabaseInstance } from "./instance.ts";
import { instanceView } from "./instance-view.ts";
import { requireAvailable, serverOf, transition } from "./lifecycle.ts";

/** The share of a promotion that passes before the restart: replication is stopped, the server still refuses writes. */
const stoppingShare = 0.5;

/** Ends replication for good. RDS says `modifying`, then `rebooting`; the endpoint's name stays. */
export function promote(rds: RdsContext, replica: DatabaseInstance): void {
  const { background, dials, faults } = rds;
  const failure = faults.take("fail-later", "rds", "PromoteReadReplica", replica.region);
  const server = serverOf(replica);
  transition(rds, replica, "modifying", async () => {
    const startedAt = Date.now();
    await background.sleep(dials.promotionSeconds * stoppingShare);
    await background.untilReachable(replica.region);
    if (!failure) {
      replica.status = "rebooting";
      await server.promote();
      await server.applyParameters(replica.parameters);
      replica.source = undefined;
    }
    const spentSeconds = (Date.now() - startedAt) / 1000;
    await background.sleep(Math.max(0, dials.promotionSeconds - spentSeconds));
  });
}

export const promoteOperation = (rds: RdsContext): Readonly<Record<string, Operation>> => ({
  PromoteReadReplica: operation<PromoteReadReplicaMessage, PromoteReadReplicaResult>(
    async (input, { region }) => {
      const replica = rds.store.instance(region, input.DBInstanceIdentifier);
      checkBackupRetention(input.BackupRetentionPeriod);
      if (!replica.source)
        throw invalidInstanceState(
          `Database instance ${replica.identifier} is not a read replica.`,
        );
      requireAvailable(replica);
      replica.backupRetentionDays = input.BackupRetentionPeriod ?? 1;
      if (input.PreferredBackupWindow !== undefined)
        replica.settings = {
          ...replica.settings,
          PreferredBackupWindow: input.PreferredBackupWindow,
        };
      promote(rds, replica);
      return { DBInstance: await instanceView(rds, replica) };
    },
  ),
});
