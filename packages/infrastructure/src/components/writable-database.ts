import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DatabasePlace } from "./database-place.ts";

declare const proved: unique symbol;

/** A database that the API called standalone after its update; in a preview, one that is going to be asked. */
export type WritableDatabase = DatabasePlace & { readonly [proved]: true };

/**
 * Waits for the database's update and asks RDS. A promotion that failed leaves a state which looks promoted, so that the next update
 * finds nothing to do and succeeds: only the database itself knows. The program waits here, and not a property of the record, so that
 * the reason is printed as it is.
 *
 * @throws pulumi.RunError when the database is still a replica.
 */
export async function proveWritable(database: DatabasePlace): Promise<WritableDatabase> {
  const { instance } = database;
  // A preview asks before the promotion, when the source is still there. A database that is only read was seen standalone before
  // this was planned, and nothing makes it a replica again.
  if (instance && !pulumi.runtime.isDryRun()) {
    const { identifier, urn } = await updated(instance);
    const now = await aws.rds.getInstance(
      { dbInstanceIdentifier: identifier },
      { parent: instance },
    );
    if (now.replicateSourceDb) throw stillReplica(identifier, urn);
  }
  return database as WritableDatabase;
}

/** Never settles when the update fails: the engine ends the program then. */
const updated = (
  instance: aws.rds.Instance,
): Promise<{ readonly identifier: string; readonly urn: string }> =>
  new Promise((resolve) => {
    pulumi
      .all([instance.identifier, instance.urn])
      .apply(([identifier, urn]) => resolve({ identifier, urn }));
  });

/** Refreshes the one resource: a refresh of all would ask for the primary stack's state too, which may be lost. */
function stillReplica(identifier: string, urn: string): pulumi.RunError {
  const stack = pulumi.getStack();
  return new pulumi.RunError(
    [
      `The CNAME was not moved: ${identifier} is still a read replica. Its promotion did not happen, whatever the state says.`,
      `  next: pulumi refresh -s ${stack} --yes --target '${urn}' && pulumi up -s ${stack}`,
    ].join("\n"),
  );
}
