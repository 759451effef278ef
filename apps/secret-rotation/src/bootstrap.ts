import { createHash } from "node:crypto";
import { RotationRefusedError } from "./errors.ts";
import { openWriter, requirePrimarySecret } from "./gate.ts";
import { createSecret, finishSecret, setSecret, testSecret } from "./rotate.ts";
import { partnerOf, type Subject } from "./rotation-plan.ts";
import type { RotationTools } from "./rotation-tools.ts";
import { parseValue, type StoredValue } from "./stored-value.ts";
import { grantApplicationRights } from "./user-statements.ts";

export interface BootstrapAnswer {
  readonly applicationUsername: string;
  readonly adminSecretArn: string;
  /** `handed-over`: the application has got its user now. `repeated`: it had one, and has its rights again. */
  readonly outcome: "handed-over" | "repeated";
}

/**
 * Leaves the master user to the admin secret and gives the application a user of its own. Can be killed and called again at any
 * point, and repeated: then it grants the application's rights again. It never overwrites a value.
 *
 * @throws RotationRefusedError before anything was changed.
 */
export async function bootstrap(tools: RotationTools): Promise<BootstrapAnswer> {
  const { secretArn, adminSecretArn, applicationUsername } = tools.place;
  if (!adminSecretArn || !applicationUsername)
    throw new RotationRefusedError(
      "not-ours",
      "this deployment has no admin secret: set secret.admin on the primary stack, then pulumi up on both",
    );
  await requireNoRotation(tools, adminSecretArn);
  const application = await current(tools, secretArn);
  if (!application)
    throw new RotationRefusedError("unexpected-value", `${secretArn} has no current value`);
  const admin =
    (await current(tools, adminSecretArn)) ??
    (await keepMaster(tools, adminSecretArn, application));
  const answer = { applicationUsername, adminSecretArn };
  if (application.value.login.username !== admin.value.login.username) {
    await grantAgain(tools, application.value, admin.value);
    return { ...answer, outcome: "repeated" };
  }
  const subject: Subject = {
    secretArn,
    plan: { kind: "hand-over", username: applicationUsername },
    adminSecretArn,
  };
  const work = { subject, versionId: versionAfter(application.versionId) };
  await requireNoRotation(tools, secretArn, work.versionId);
  for (const step of [createSecret, setSecret, testSecret, finishSecret]) await step(work, tools);
  return { ...answer, outcome: "handed-over" };
}

interface Version {
  readonly versionId: string;
  readonly text: string;
  readonly value: StoredValue;
}

async function current({ store }: RotationTools, secretArn: string): Promise<Version | undefined> {
  const found = await store.read(secretArn, { stage: "AWSCURRENT" });
  return found && { ...found, value: parseValue(found.text, secretArn) };
}

/** A second attempt finds the version of the first one, which has this very value. */
async function keepMaster(
  tools: RotationTools,
  adminSecretArn: string,
  application: Version,
): Promise<Version> {
  const { username } = application.value.login;
  const { applicationUsername = "" } = tools.place;
  if ([applicationUsername, partnerOf(applicationUsername)].includes(username))
    throw new RotationRefusedError(
      "unexpected-value",
      `${adminSecretArn} has no value, and the application does not use the master user any more: put the master user's credentials there by aws secretsmanager put-secret-value --cli-input-json file://value.json`,
    );
  using _writer = await openWriter(tools, [application.value.login], tools.place.secretArn);
  await tools.store.put(adminSecretArn, application.versionId, application.text, "AWSCURRENT");
  return application;
}

/** Whoever rotates now would be overtaken, or would overtake. A version without a value is a rotation that was refused. */
async function requireNoRotation(
  tools: RotationTools,
  secretArn: string,
  ownVersion?: string,
): Promise<void> {
  const { stages } = await requirePrimarySecret(tools, secretArn);
  const unfinished = Object.entries(stages).find(
    ([id, labels]) =>
      labels.includes("AWSPENDING") && !labels.includes("AWSCURRENT") && id !== ownVersion,
  )?.[0];
  if (unfinished && (await tools.store.read(secretArn, { id: unfinished })))
    throw new RotationRefusedError(
      "rotation-unfinished",
      `a rotation of ${secretArn} has begun and not ended: end it first (aws secretsmanager rotate-secret, or remove AWSPENDING from version ${unfinished})`,
    );
}

async function grantAgain(
  tools: RotationTools,
  application: StoredValue,
  admin: StoredValue,
): Promise<void> {
  using session = await openWriter(tools, [admin.login], "the admin secret");
  const { username, dbname } = application.login;
  await grantApplicationRights(session, username, dbname);
}

/** The same version for every attempt after the same value, in the form of an id. */
function versionAfter(versionId: string): string {
  const digits = createHash("sha256").update(`bootstrap ${versionId}`).digest("hex");
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join("-");
}
