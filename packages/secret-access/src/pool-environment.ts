import { functionEnvironment, splitHostPatterns } from "@standby/topology";
import { ConfigurationError } from "./errors.ts";

export interface PoolPlace {
  readonly secretId: string;
  readonly region: string;
  readonly allowedHosts: readonly string[];
}

/** Where the process stands: what the caller gives, the rest from the environment. All that is missing is named together. */
export function poolPlace(
  given: Partial<PoolPlace>,
  environment: Readonly<Record<string, string | undefined>>,
): PoolPlace {
  const { secretName, regionName, databaseHosts } = functionEnvironment;
  const secretId = given.secretId ?? environment[secretName] ?? "";
  const region = given.region ?? environment[regionName] ?? "";
  const allowedHosts = given.allowedHosts ?? splitHostPatterns(environment[databaseHosts] ?? "");
  const missing = [
    ...(secretId === "" ? [secretName] : []),
    ...(region === "" ? [regionName] : []),
    ...(allowedHosts.length === 0 ? [databaseHosts] : []),
  ];
  if (missing.length > 0)
    throw new ConfigurationError(
      "configuration",
      `set ${missing.join(", ")} in the environment, or give the options: without them no database is known`,
    );
  return { secretId, region, allowedHosts };
}
