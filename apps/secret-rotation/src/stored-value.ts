import { type DatabaseSecret, parseDatabaseSecret } from "@standby/topology";
import { RotationRefusedError } from "./errors.ts";

/** One version's value: what a login needs, and everything else that stands beside it. */
export interface StoredValue {
  readonly login: DatabaseSecret;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** @throws RotationRefusedError that names the keys at fault. */
export function parseValue(text: string, what: string): StoredValue {
  const parsed = parseDatabaseSecret(text);
  if ("secret" in parsed) return { login: parsed.secret, fields: JSON.parse(text) };
  const problems = parsed.problems.map(({ key, reason }) => `${key} ${reason}`).join(", ");
  throw new RotationRefusedError("unexpected-value", `${what} is malformed: ${problems}`);
}

/** The next value: everything that the value holds but the credentials stays, whoever put it there. */
export const withCredentials = (
  { fields }: StoredValue,
  credentials: { readonly username: string; readonly password: string },
): string => JSON.stringify({ ...fields, ...credentials });
