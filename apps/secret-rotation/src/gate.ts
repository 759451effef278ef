import type { DatabaseSecret } from "@standby/topology";
import type { Session } from "./database-login.ts";
import { RotationRefusedError } from "./errors.ts";
import type { RotationTools } from "./rotation-tools.ts";
import type { SecretState } from "./secret-store.ts";
import { requireWriter } from "./user-statements.ts";

/*
 * What has to be so before anything is changed. A rotation that was due while its Region was dark begins as soon as the Region is
 * back, when the writes, and perhaps the secret that counts, are elsewhere: everything here refuses then.
 */

/**
 * The secret of this Region is the one that others are copied from, or was promoted.
 *
 * @throws RotationRefusedError
 */
export async function requirePrimarySecret(
  { store, place }: RotationTools,
  secretArn: string,
): Promise<SecretState> {
  const state = await store.describe(secretArn);
  if (state.isDeleted)
    throw new RotationRefusedError(
      "not-this-secret",
      `${secretArn} is marked for deletion: restore it, or end its rotation`,
    );
  if (state.primaryRegion !== undefined && state.primaryRegion !== place.region)
    throw new RotationRefusedError(
      "not-this-secret",
      `${secretArn} is a copy of the secret in ${state.primaryRegion}: it is rotated there, or here after it was promoted`,
    );
  return state;
}

/**
 * The first login that the database accepts; it is a writer of this Region.
 *
 * @throws RotationRefusedError, AccessError
 */
export async function openWriter(
  tools: RotationTools,
  candidates: readonly DatabaseSecret[],
  whose: string,
): Promise<Session> {
  for (const candidate of candidates) {
    const session = await tools.login.open(candidate);
    if (session) return writerOf(session);
  }
  throw new RotationRefusedError(
    "login-refused",
    `the database refuses every version of ${whose}: compare the user's password with AWSCURRENT. Nothing was changed`,
  );
}

/** Undefined when the database refuses the credentials. */
export async function openAs(
  tools: RotationTools,
  value: DatabaseSecret,
): Promise<Session | undefined> {
  const session = await tools.login.open(value);
  return session && writerOf(session);
}

async function writerOf(session: Session): Promise<Session> {
  try {
    await requireWriter(session);
    return session;
  } catch (error) {
    session[Symbol.dispose]();
    throw error;
  }
}

const copyAttempts = 30;
const copyWaitMillis = 500;

/**
 * The copies hold the new version before the database has its password. The two travel by unrelated ways, and a Region that failed
 * over with the database's half alone would be locked out.
 *
 * @throws RotationRefusedError
 */
export async function requireCopiesInSync(tools: RotationTools, secretArn: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { copies } = await tools.store.describe(secretArn);
    const behind = copies.filter(({ status }) => status !== "InSync");
    if (behind.length === 0) return;
    if (attempt === copyAttempts || behind.some(({ status }) => status === "Failed"))
      throw new RotationRefusedError(
        "copies-behind",
        `the copy in ${behind.map(({ region, status }) => `${region} is ${status}`).join(", in ")}: a Region that has not got the new version would be locked out by it. The database was not changed`,
      );
    await tools.sleep(copyWaitMillis);
  }
}
