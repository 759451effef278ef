import * as pulumi from "@pulumi/pulumi";
import {
  databaseHostPattern,
  generationOf,
  joinHostPatterns,
  parseRdsEndpoint,
} from "@standby/topology";

/** The hosts that an application may meet behind the CNAME, from the addresses known so far. */
export const databaseHosts = (
  service: string,
  addresses: readonly (pulumi.Input<string> | undefined)[],
): pulumi.Output<string> =>
  pulumi
    .all(addresses.filter((address) => address !== undefined))
    .apply((known) => joinHostPatterns(known.flatMap((address) => patternsOf(service, address))));

/** An adopted database is allowed by its very name, besides those that will take its place. */
function patternsOf(service: string, address: string): readonly string[] {
  const identifier = parseRdsEndpoint(address)?.identifier ?? "";
  const pattern = databaseHostPattern(service, address);
  return generationOf(service, identifier) === undefined ? [pattern, address] : [pattern];
}
