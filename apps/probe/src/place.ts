import { ConfigurationError } from "@standby/secret-access";
import {
  functionEnvironment,
  isAllowedHost,
  parseRdsEndpoint,
  splitHostPatterns,
} from "@standby/topology";
import { NotAllowedError } from "./failures.ts";

/** Where this probe stands, as the program told it. */
export interface Place {
  /** ARN of the Region's own copy of the secret. */
  readonly secretId: string;
  readonly region: string;
  /** Of both Regions, see `databaseHostPattern`. */
  readonly allowedHosts: readonly string[];
  /** The Region's database, for what nobody gives an address to: the scheduled heartbeat. */
  readonly databaseAddress: string | undefined;
  /** Recovery Region only. */
  readonly recoveryBucket: string | undefined;
}

/** @throws ConfigurationError that names every missing variable. */
export function readPlace(environment: Readonly<Record<string, string | undefined>>): Place {
  const { secretName, regionName, databaseHosts, databaseAddress, recoveryBucket } =
    functionEnvironment;
  const missing = [secretName, regionName, databaseHosts].filter((name) => !environment[name]);
  if (missing.length > 0)
    throw new ConfigurationError(
      "configuration",
      `set ${missing.join(", ")} in the function's environment: pulumi up does`,
    );
  return {
    secretId: environment[secretName] ?? "",
    region: environment[regionName] ?? "",
    allowedHosts: splitHostPatterns(environment[databaseHosts] ?? ""),
    databaseAddress: environment[databaseAddress] || undefined,
    recoveryBucket: environment[recoveryBucket] || undefined,
  };
}

/**
 * The address in the form of certificates: a database of this service and of the probe's own Region. Whoever may invoke the probe
 * must not be able to send the application's password anywhere else.
 *
 * @throws NotAllowedError
 */
export function ownDatabase({ region, allowedHosts }: Place, address: string): string {
  const host = address.toLowerCase().replace(/\.$/, "");
  if (!isAllowedHost(host, allowedHosts))
    throw new NotAllowedError(`${host} is not one of the databases of this service`);
  if (parseRdsEndpoint(host)?.region !== region)
    throw new NotAllowedError(`${host} is not in ${region}: ask the probe of its own Region`);
  return host;
}
