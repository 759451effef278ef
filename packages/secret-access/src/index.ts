export { databaseAuthorities } from "./certificate-authorities.ts";
export { type FaultAction, faultAction, mayHaveBeenApplied } from "./connection-faults.ts";
export type { HostResolver } from "./database-host.ts";
export {
  type ConnectionOrigin,
  connectionOrigin,
  createDatabasePool,
  type DatabasePoolOptions,
} from "./database-pool.ts";
export { decodeDatabaseSecret } from "./database-secret-value.ts";
export * from "./errors.ts";
export type { SecretTimes } from "./secret-cache.ts";
export {
  asBinary,
  asJson,
  asJsonOf,
  asText,
  type SecretDecoder,
  type ValueSchema,
} from "./secret-decoders.ts";
export { type AccessEvent, accessEvents } from "./secret-events.ts";
export { SecretReader } from "./secret-reader.ts";
export type { SecretReaderOptions } from "./secret-reader-options.ts";
export { SecretVersion } from "./secret-version.ts";
export {
  createSecretsClient,
  type SecretsClient,
  type VersionSelector,
} from "./secrets-manager-client.ts";
export { withTransaction } from "./transaction.ts";
