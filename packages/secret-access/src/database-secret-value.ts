import { type DatabaseSecret, parseDatabaseSecret } from "@standby/topology";
import { MalformedSecretError } from "./errors.ts";

/** Reads a database secret's value; a wrong one is refused by the names of its keys. */
export function decodeDatabaseSecret(stored: string | Uint8Array): DatabaseSecret {
  if (typeof stored !== "string")
    throw new MalformedSecretError("the database secret is binary: it must be JSON text");
  const parsed = parseDatabaseSecret(stored);
  if ("secret" in parsed) return parsed.secret;
  throw new MalformedSecretError(
    `the database secret is malformed: ${parsed.problems.map(({ key, reason }) => `${key} ${reason}`).join(", ")}`,
    parsed.problems.map(({ key }) => key),
  );
}
