import type {
  CreateDBSnapshotMessage,
  CreateDBSnapshotResult,
  DBSnapshotMessage,
  DeleteDBSnapshotMessage,
  DeleteDBSnapshotResult,
  DescribeDBSnapshotsMessage,
} from "@aws-sdk/client-rds";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { tagListOf, tagMapOf } from "../tag-map.ts";
import type { RdsContext } from "./context.ts";
import { requireAvailable } from "./lifecycle.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";

const view = (snapshot: Snapshot) => ({ ...snapshot.view, TagList: tagListOf(snapshot.tags) });

function snapshotOf(rds: RdsContext, region: string, identifier: string | undefined): Snapshot {
  const snapshot = rds.store.in(region).snapshots.get(identifier ?? "");
  if (!snapshot)
    throw new AwsError("DBSnapshotNotFound", `DBSnapshot ${identifier} not found.`, 404);
  return snapshot;
}

/** That snapshots exist; their data is not kept. */
export const snapshotOperations = (rds: RdsContext): Readonly<Record<string, Operation>> => ({
  CreateDBSnapshot: operation<CreateDBSnapshotMessage, CreateDBSnapshotResult>(
    (input, { region }) => {
      const instance = rds.store.instance(region, input.DBInstanceIdentifier);
      requireAvailable(instance);
      const identifier = input.DBSnapshotIdentifier ?? "";
      const { snapshots } = rds.store.in(region);
      if (snapshots.has(identifier))
        throw new AwsError(
          "DBSnapshotAlreadyExists",
          `Cannot create the snapshot because a snapshot with the identifier ${identifier} already exists.`,
        );
      const snapshot = takeSnapshot(instance, identifier, tagMapOf(input.Tags));
      snapshots.set(identifier, snapshot);
      return { DBSnapshot: view(snapshot) };
    },
  ),

  DescribeDBSnapshots: operation<DescribeDBSnapshotsMessage, DBSnapshotMessage>(
    (input, { region }) => {
      const { DBSnapshotIdentifier: identifier, DBInstanceIdentifier: instance } = input;
      const found =
        identifier === undefined
          ? [...rds.store.in(region).snapshots.values()]
          : [snapshotOf(rds, region, identifier)];
      return {
        DBSnapshots: found
          .map(view)
          .filter((each) => instance === undefined || each.DBInstanceIdentifier === instance),
      };
    },
  ),

  DeleteDBSnapshot: operation<DeleteDBSnapshotMessage, DeleteDBSnapshotResult>(
    (input, { region }) => {
      const snapshot = snapshotOf(rds, region, input.DBSnapshotIdentifier);
      rds.store.in(region).snapshots.delete(snapshot.identifier);
      return { DBSnapshot: { ...view(snapshot), Status: "deleted" } };
    },
  ),
});
