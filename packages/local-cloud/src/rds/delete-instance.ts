import type { DeleteDBInstanceMessage, DeleteDBInstanceResult } from "@aws-sdk/client-rds";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import type { RdsContext } from "./context.ts";
import { invalidCombination, invalidInstanceState } from "./errors.ts";
import type { DatabaseInstance } from "./instance.ts";
import { instanceView } from "./instance-view.ts";
import { transition } from "./lifecycle.ts";
import { promote } from "./promote.ts";
import { takeSnapshot } from "./snapshot.ts";

const deletable: ReadonlySet<string> = new Set(["available", "failed"]);

function checkFinalSnapshot(
  rds: RdsContext,
  instance: DatabaseInstance,
  input: DeleteDBInstanceMessage,
): void {
  const snapshot = input.FinalDBSnapshotIdentifier;
  if (input.SkipFinalSnapshot === true && snapshot !== undefined)
    throw invalidCombination(
      "FinalDBSnapshotIdentifier can not be specified when deleting an instance with SkipFinalSnapshot.",
    );
  if (instance.source && snapshot !== undefined)
    throw invalidCombination(
      "FinalDBSnapshotIdentifier can not be specified when deleting a replica instance.",
    );
  if (input.SkipFinalSnapshot !== true && snapshot === undefined && !instance.source)
    throw invalidCombination(
      "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
    );
  if (snapshot !== undefined && rds.store.in(instance.region).snapshots.has(snapshot))
    throw new AwsError(
      "DBSnapshotAlreadyExists",
      `Cannot create the snapshot because a snapshot with the identifier ${snapshot} already exists.`,
    );
}

function check(rds: RdsContext, instance: DatabaseInstance, input: DeleteDBInstanceMessage): void {
  if (instance.status === "deleting")
    throw invalidInstanceState(`Instance ${instance.identifier} is already being deleted.`);
  if (!deletable.has(instance.status))
    throw invalidInstanceState(
      `Cannot delete DB instance ${instance.identifier} in ${instance.status} state.`,
    );
  if (instance.settings.DeletionProtection === true)
    throw invalidCombination(
      "Cannot delete protected DB Instance, please disable deletion protection and try again.",
    );
  checkFinalSnapshot(rds, instance, input);
}

/** MySQL replicas outlive their source as standalone databases. */
function promoteReplicas(rds: RdsContext, source: DatabaseInstance): void {
  for (const replica of rds.store.replicasOf(source))
    rds.background.start(async () => {
      await rds.background.untilReachable(replica.region);
      if (replica.server && replica.status === "available") promote(rds, replica);
      else replica.source = undefined;
    });
}

export const deleteInstanceOperation = (rds: RdsContext): Readonly<Record<string, Operation>> => ({
  DeleteDBInstance: operation<DeleteDBInstanceMessage, DeleteDBInstanceResult>(
    async (input, { region }) => {
      const instance = rds.store.instance(region, input.DBInstanceIdentifier);
      check(rds, instance, input);
      const { instances, snapshots } = rds.store.in(region);
      const name = input.FinalDBSnapshotIdentifier;
      if (name !== undefined) snapshots.set(name, takeSnapshot(instance, name, new Map()));
      promoteReplicas(rds, instance);
      transition(rds, instance, "deleting", async () => {
        await rds.background.sleep(rds.dials.modificationSeconds);
        await instance.server?.remove();
        instance.server = undefined;
        instances.delete(instance.identifier);
      });
      return { DBInstance: await instanceView(rds, instance) };
    },
  ),
});
