import { ConfigurationError } from "@standby/secret-access";
import {
  functionEnvironment,
  isRotationStrategy,
  type RotationStrategy,
  splitHostPatterns,
} from "@standby/topology";

/** Where this function stands, as the program told it. */
export interface Place {
  readonly region: string;
  /** ARN of the Region's own copy of the application's secret. */
  readonly secretArn: string;
  /** ARN of the Region's own copy of the admin secret, when there is one. */
  readonly adminSecretArn: string | undefined;
  /** The databases of this Region alone: a rotation belongs to the Region whose database takes the writes. */
  readonly ownHosts: readonly string[];
  readonly strategy: RotationStrategy;
  /** The user that the application gets when the master user is left to the admin secret. */
  readonly applicationUsername: string | undefined;
}

/** @throws ConfigurationError that names every missing variable. */
export function readPlace(environment: Readonly<Record<string, string | undefined>>): Place {
  const names = functionEnvironment;
  const required = [names.secretName, names.regionName, names.databaseHosts];
  const missing = required.filter((name) => !environment[name]);
  const strategy = environment[names.rotationStrategy] || "single-user";
  if (missing.length > 0 || !isRotationStrategy(strategy))
    throw new ConfigurationError(
      "configuration",
      `set ${[...missing, ...(isRotationStrategy(strategy) ? [] : [names.rotationStrategy])].join(", ")} in the function's environment: pulumi up does`,
    );
  const region = environment[names.regionName] ?? "";
  return {
    region,
    secretArn: environment[names.secretName] ?? "",
    adminSecretArn: environment[names.adminSecretName] || undefined,
    ownHosts: splitHostPatterns(environment[names.databaseHosts] ?? "").filter((pattern) =>
      pattern.endsWith(`.${region}.rds.amazonaws.com`),
    ),
    strategy,
    applicationUsername: environment[names.applicationUsername] || undefined,
  };
}
