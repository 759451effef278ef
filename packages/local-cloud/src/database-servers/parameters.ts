import type { DatabaseParameters } from "../data-planes.ts";

/** What of a parameter group the local servers follow. */
export interface ServerSettings {
  readonly readOnly: boolean;
  readonly requireSecureTransport: boolean;
}

export class InvalidParameterError extends Error {
  override readonly name = "InvalidParameterError";

  constructor(parameter: string, allowed: string) {
    super(`The database parameter ${parameter} has a value that RDS refuses: use ${allowed}.`);
  }
}

/** RDS's default for `read_only` makes replicas read-only; `0` opens even a replica, `1` fences any. @throws {InvalidParameterError} */
export const settingsOf = (parameters: DatabaseParameters, isReplica: boolean): ServerSettings => ({
  readOnly: readOnly(parameters["read_only"] ?? "{TrueIfReplica}", isReplica),
  requireSecureTransport: isOn(
    "require_secure_transport",
    parameters["require_secure_transport"] ?? "0",
  ),
});

const readOnly = (value: string, isReplica: boolean): boolean => {
  if (value === "{TrueIfReplica}") return isReplica;
  if (value === "0" || value === "1") return value === "1";
  throw new InvalidParameterError("read_only", "0, 1 or {TrueIfReplica}");
};

const isOn = (name: string, value: string): boolean => {
  if (["1", "ON"].includes(value.toUpperCase())) return true;
  if (["0", "OFF"].includes(value.toUpperCase())) return false;
  throw new InvalidParameterError(name, "0 or 1");
};
