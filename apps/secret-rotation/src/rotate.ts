import type { DatabaseSecret } from "@standby/topology";
import type { Session } from "./database-login.ts";
import { RotationRefusedError } from "./errors.ts";
import { openAs, openWriter, requireCopiesInSync, requirePrimarySecret } from "./gate.ts";
import type { Step, StepEvent } from "./rotation-event.ts";
import { nextUsername, type Subject, subjectOf } from "./rotation-plan.ts";
import type { RotationTools } from "./rotation-tools.ts";
import type { Selector } from "./secret-store.ts";
import { parseValue, type StoredValue, withCredentials } from "./stored-value.ts";
import {
  copyRights,
  ensureUser,
  grantApplicationRights,
  setOwnPassword,
  setPassword,
} from "./user-statements.ts";

/** `nothing-to-do`: an earlier attempt has done it. */
export type StepOutcome = "done" | "nothing-to-do";

/** One step for one version of one secret. Each of them may be run again at any time, whatever became of the attempt before. */
interface Work {
  readonly subject: Subject;
  readonly versionId: string;
}

const runStep: Readonly<Record<Step, (work: Work, tools: RotationTools) => Promise<StepOutcome>>> =
  {
    createSecret,
    setSecret,
    testSecret,
    finishSecret,
  };

/**
 * Does what Secrets Manager asks for.
 *
 * @throws RotationRefusedError before anything was changed; StatementFailedError, AccessError and the errors of the SDK.
 */
export async function rotate(
  { Step, SecretId, ClientRequestToken }: StepEvent,
  tools: RotationTools,
): Promise<StepOutcome> {
  const subject = subjectOf(SecretId, tools.place);
  const { stages } = await requirePrimarySecret(tools, SecretId);
  const labels = stages[ClientRequestToken];
  if (labels?.includes("AWSCURRENT")) return "nothing-to-do";
  if (!labels?.includes("AWSPENDING"))
    throw new RotationRefusedError(
      "not-this-secret",
      `version ${ClientRequestToken} of ${SecretId} is not the one with AWSPENDING: another rotation has begun since`,
    );
  return runStep[Step]({ subject, versionId: ClientRequestToken }, tools);
}

/** The version gets its value; nothing else knows the password yet. */
export async function createSecret(
  { subject, versionId }: Work,
  tools: RotationTools,
): Promise<StepOutcome> {
  const { secretArn, plan } = subject;
  if (await tools.store.read(secretArn, { id: versionId })) return "nothing-to-do";
  const current = await requireValue(tools, secretArn, { stage: "AWSCURRENT" });
  using _writer = await openWithRights({ subject, versionId }, tools);
  const username = nextUsername(plan, current.login.username);
  const text = withCredentials(current, { username, password: tools.newPassword() });
  await tools.store.put(secretArn, versionId, text, "AWSPENDING");
  return "done";
}

/** The database gets the password. */
export async function setSecret(work: Work, tools: RotationTools): Promise<StepOutcome> {
  const { secretArn, plan } = work.subject;
  const current = await requireValue(tools, secretArn, { stage: "AWSCURRENT" });
  const pending = await requirePending(work, current, tools);
  // Of alternating users the one in use stays as it is: nobody is locked out by the other one's password.
  if (plan.kind === "single-user") await requireCopiesInSync(tools, secretArn);
  using already = await openAs(tools, pending.login);
  if (already && plan.kind === "single-user") return "nothing-to-do";
  using session = await openWithRights(work, tools);
  await changeUser(work.subject, session, current.login, pending.login);
  return "done";
}

async function changeUser(
  { plan, adminSecretArn }: Subject,
  session: Session,
  current: DatabaseSecret,
  next: DatabaseSecret,
): Promise<void> {
  if (plan.kind === "single-user") {
    if (adminSecretArn) await setPassword(session, next);
    else await setOwnPassword(session, next.password);
    return;
  }
  await ensureUser(session, next);
  if (plan.kind === "alternating-users") await copyRights(session, current.username, next.username);
  else await grantApplicationRights(session, next.username, next.dbname);
}

/** The new credentials open the database, as a writer. */
export async function testSecret(work: Work, tools: RotationTools): Promise<StepOutcome> {
  const current = await requireValue(tools, work.subject.secretArn, { stage: "AWSCURRENT" });
  const pending = await requirePending(work, current, tools, { mayBeCurrent: true });
  using session = await openWriter(tools, [pending.login], "the secret that is AWSPENDING");
  await session.query("Testing the new credentials", "SELECT 1");
  return "done";
}

/** The application gets them, after they were tried once more. */
export async function finishSecret(work: Work, tools: RotationTools): Promise<StepOutcome> {
  await testSecret(work, tools);
  const { secretArn } = work.subject;
  const current = await tools.store.read(secretArn, { stage: "AWSCURRENT" });
  await tools.store.makeCurrent(secretArn, work.versionId, current?.versionId);
  return "done";
}

/** The login that may change the user: the admin secret's, or the user's own. */
async function openWithRights(
  { subject: { secretArn, adminSecretArn, plan }, versionId }: Work,
  tools: RotationTools,
): Promise<Session> {
  const stages: readonly Selector[] = [
    { stage: "AWSCURRENT" },
    ...(adminSecretArn ? [{ stage: "AWSPENDING" }] : [{ id: versionId }]),
    { stage: "AWSPREVIOUS" },
  ];
  const arn = adminSecretArn ?? secretArn;
  const found = await Promise.all(stages.map((stage) => tools.store.read(arn, stage)));
  const values = found.filter((each) => each !== undefined);
  if (adminSecretArn && values.length === 0) throw notBootstrapped();
  const logins = values.map(({ text }) => parseValue(text, arn).login);
  if (adminSecretArn && plan.kind !== "hand-over") {
    const current = await requireValue(tools, secretArn, { stage: "AWSCURRENT" });
    if (current.login.username === logins[0]?.username) throw notBootstrapped();
  }
  return openWriter(tools, logins, arn);
}

const notBootstrapped = (): RotationRefusedError =>
  new RotationRefusedError(
    "not-bootstrapped",
    'the application still uses the master user: call this function with {"Bootstrap":true} once, then rotate. Nothing was changed',
  );

async function requireValue(
  { store }: RotationTools,
  secretArn: string,
  selector: Selector,
): Promise<StoredValue> {
  const found = await store.read(secretArn, selector);
  if (!found)
    throw new RotationRefusedError(
      "unexpected-value",
      `${secretArn} has no ${"stage" in selector ? selector.stage : "pending"} version with a value`,
    );
  return parseValue(found.text, secretArn);
}

/**
 * Somebody who may write the secret must not be able to send a password to another server, or to give another user one, by writing
 * a version that this function is then asked to finish.
 */
async function requirePending(
  { subject, versionId }: Work,
  current: StoredValue,
  tools: RotationTools,
  { mayBeCurrent = false } = {},
): Promise<StoredValue> {
  const pending = await requireValue(tools, subject.secretArn, { id: versionId });
  const usernames = [
    nextUsername(subject.plan, current.login.username),
    // AWS tests a function by a version that has the current value.
    ...(mayBeCurrent ? [current.login.username] : []),
  ];
  const wrong = [
    ...(pending.login.host === current.login.host ? [] : ["host"]),
    ...(pending.login.port === current.login.port ? [] : ["port"]),
    ...(usernames.includes(pending.login.username) ? [] : ["username"]),
  ];
  if (wrong.length > 0)
    throw new RotationRefusedError(
      "unexpected-value",
      `version ${versionId} of ${subject.secretArn} was not made by this rotation: its ${wrong.join(" and ")} differs from what AWSCURRENT asks for`,
    );
  return pending;
}
