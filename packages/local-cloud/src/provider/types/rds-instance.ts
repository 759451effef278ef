import {
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  type DBInstance,
  DeleteDBInstanceCommand,
  ModifyDBInstanceCommand,
  type ModifyDBInstanceMessage,
  PromoteReadReplicaCommand,
  RebootDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { type AwsCallError, during, hasCode, hasCodeAndText } from "../aws-call-error.ts";
import { flag, number, type PropertyMap, requiredText, text } from "../property-values.ts";
import type { ResourceHandler, Scope, Update } from "../resource-handler.ts";
import { retrying } from "../waiting.ts";
import { plainRequest, replicaRequest } from "./database-creation.ts";
import { findDatabase, untilAvailable, untilGone } from "./database-lookup.ts";
import { modification, replicaAdjustment, wantsBlueGreen } from "./database-modification.ts";
import { databaseState } from "./database-state.ts";
import { changeRdsTags } from "./rds-tags.ts";

const notYetAssumable = (error: AwsCallError): boolean =>
  hasCodeAndText(error, "InvalidParameterValue", "ENHANCED_MONITORING") ||
  hasCodeAndText(error, "InvalidParameterValue", "couldn't fetch the role from instance profile");

const modify = (request: ModifyDBInstanceMessage, scope: Scope) =>
  scope.aws.rds.send(new ModifyDBInstanceCommand(request), { abortSignal: scope.signal });

const createReplica = async (inputs: PropertyMap, scope: Scope): Promise<DBInstance> => {
  const request = replicaRequest(inputs, scope.region);
  const send = async (input: typeof request) => {
    const command = new CreateDBInstanceReadReplicaCommand(input);
    return (await scope.aws.rds.send(command, { abortSignal: scope.signal })).DBInstance ?? {};
  };
  try {
    return await retrying(() => send(request), notYetAssumable, scope);
  } catch (error) {
    const refused = "A parameter group can't be specified during Read Replica creation";
    if (!hasCodeAndText(error, "InvalidParameterCombination", refused)) throw error;
    const { DBParameterGroupName: _dropped, ...rest } = request;
    return await send(rest);
  }
};

const createPlain = async (inputs: PropertyMap, scope: Scope): Promise<DBInstance> => {
  const command = new CreateDBInstanceCommand(plainRequest(inputs));
  const send = () => scope.aws.rds.send(command, { abortSignal: scope.signal });
  return (await retrying(send, notYetAssumable, scope)).DBInstance ?? {};
};

/** One modification right after the creation, immediate whatever the inputs say, and never repeated. */
const adjust = async (request: ModifyDBInstanceMessage, scope: Scope): Promise<void> => {
  const identifier = request.DBInstanceIdentifier ?? "";
  await modify(request, scope);
  await untilAvailable(identifier, scope);
  if (request.DBParameterGroupName === undefined) return;
  const reboot = new RebootDBInstanceCommand({ DBInstanceIdentifier: identifier });
  await scope.aws.rds.send(reboot, { abortSignal: scope.signal });
  await untilAvailable(identifier, scope);
};

const caAdjustment = (
  inputs: PropertyMap,
  made: DBInstance,
): ModifyDBInstanceMessage | undefined => {
  const authority = text(inputs, "caCertIdentifier");
  if (authority === undefined || authority === made.CACertificateIdentifier) return undefined;
  return {
    DBInstanceIdentifier: requiredText(inputs, "identifier"),
    ApplyImmediately: true,
    CACertificateIdentifier: authority,
  };
};

const refuseNotModelled = (inputs: PropertyMap): void => {
  for (const name of ["s3Import", "snapshotIdentifier", "restoreToPointInTime"]) {
    if (inputs[name] !== undefined) {
      throw new Error(`NotModelled: creating a database with ${name}`);
    }
  }
};

const create: ResourceHandler["create"] = async (inputs, scope, created) => {
  const identifier = requiredText(inputs, "identifier");
  const isReplica = text(inputs, "replicateSourceDb") !== undefined;
  const activity = `creating RDS DB Instance ${isReplica ? "(read replica) " : ""}(${identifier})`;
  refuseNotModelled(inputs);
  try {
    const made = await (isReplica ? createReplica(inputs, scope) : createPlain(inputs, scope));
    created(made.DbiResourceId ?? identifier);
    await untilAvailable(identifier, scope);
    const adjustment = isReplica
      ? replicaAdjustment(inputs, databaseState(made, inputs))
      : caAdjustment(inputs, made);
    if (adjustment) await adjust(adjustment, scope);
  } catch (error) {
    throw during(activity, error);
  }
};

const promote = async ({ state, planned }: Update, scope: Scope): Promise<void> => {
  // The new identifier: renaming in the same step breaks the promotion, as it does with the real provider.
  const identifier = requiredText(planned, "identifier");
  if (text(planned, "replicateSourceDb") !== undefined) {
    throw new Error("cannot elect new source database for replication");
  }
  const retention =
    number(planned, "backupRetentionPeriod") ?? number(state, "backupRetentionPeriod");
  const window = text(planned, "backupWindow");
  const command = new PromoteReadReplicaCommand({
    DBInstanceIdentifier: identifier,
    BackupRetentionPeriod: retention ?? 0,
    ...(window ? { PreferredBackupWindow: window } : {}),
  });
  try {
    await scope.aws.rds.send(command, { abortSignal: scope.signal });
  } catch (error) {
    throw during(`promoting RDS DB Instance (${identifier})`, error);
  }
  try {
    await untilAvailable(identifier, scope);
  } catch (error) {
    throw during(`promoting RDS DB Instance (${identifier}): waiting for completion`, error);
  }
};

const mayPass = (error: AwsCallError): boolean =>
  hasCodeAndText(
    error,
    "InvalidParameterCombination",
    "previous storage change is being optimized",
  ) ||
  hasCodeAndText(error, "InvalidParameterValue", "IAM role ARN value is invalid") ||
  hasCode(error, "InvalidDBClusterState");

const update: ResourceHandler["update"] = async (request, scope) => {
  const { id, state, planned, changed } = request;
  if (changed.has("tagsAll")) await changeRdsTags(request, scope);
  if (changed.has("replicateSourceDb")) await promote(request, scope);
  const modified = modification(state, planned, changed);
  if (!modified) return;
  if (wantsBlueGreen(planned)) throw new Error("NotModelled: an update with blueGreenUpdate");
  try {
    await retrying(() => modify(modified, scope), mayPass, scope, scope.timeoutSeconds);
    await untilAvailable(id, scope);
  } catch (error) {
    throw during(`updating RDS DB Instance (${requiredText(state, "identifier")})`, error);
  }
};

const sendDelete = (state: PropertyMap, scope: Scope) => {
  const skips = flag(state, "skipFinalSnapshot") ?? false;
  const snapshot = text(state, "finalSnapshotIdentifier");
  if (!skips && snapshot === undefined) {
    throw new Error("final_snapshot_identifier is required when skip_final_snapshot is false");
  }
  const command = new DeleteDBInstanceCommand({
    DBInstanceIdentifier: requiredText(state, "identifier"),
    SkipFinalSnapshot: skips,
    DeleteAutomatedBackups: flag(state, "deleteAutomatedBackups") ?? true,
    ...(skips ? {} : { FinalDBSnapshotIdentifier: snapshot }),
  });
  return scope.aws.rds.send(command, { abortSignal: scope.signal });
};

/** Everything comes from the state: flags that a program changed count only after an update. */
const mayUnprotect = (state: PropertyMap): boolean =>
  !flag(state, "deletionProtection") && flag(state, "applyImmediately") === true;

const deleteUnprotected = async (state: PropertyMap, scope: Scope): Promise<void> => {
  try {
    await sendDelete(state, scope);
  } catch (error) {
    const isProtected = hasCodeAndText(
      error,
      "InvalidParameterCombination",
      "disable deletion pro",
    );
    if (!isProtected || !mayUnprotect(state)) throw error;
    const identifier = requiredText(state, "identifier");
    const request = { DBInstanceIdentifier: identifier, DeletionProtection: false };
    await modify({ ...request, ApplyImmediately: true }, scope);
    await untilAvailable(identifier, scope);
    await sendDelete(state, scope);
  }
};

const remove: ResourceHandler["delete"] = async (id, state, scope) => {
  const identifier = requiredText(state, "identifier");
  try {
    await deleteUnprotected(state, scope);
  } catch (error) {
    if (hasCode(error, "DBInstanceNotFound")) return;
    const under = hasCodeAndText(error, "InvalidDBInstanceState", "is already being deleted");
    if (!under) throw during(`deleting RDS DB Instance (${identifier})`, error);
  }
  await untilGone(id, scope);
};

/** A database that was destroyed and made again under the same identifier is adopted without a word. */
const read: ResourceHandler["read"] = async (id, state, scope) => {
  const identifier = text(state, "identifier");
  const database =
    (await findDatabase(scope, id)) ??
    (identifier && identifier !== id ? await findDatabase(scope, identifier) : undefined);
  return database ? databaseState(database, state) : undefined;
};

export const rdsInstance: ResourceHandler = {
  create,
  read,
  update,
  delete: remove,
  imported: { skipFinalSnapshot: true, deleteAutomatedBackups: true },
};
