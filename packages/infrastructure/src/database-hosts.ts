import * as pulumi from "@pulumi/pulumi";
import { databaseHostPattern, joinHostPatterns } from "@standby/topology";

/** The hosts that an application may meet behind the CNAME, from the addresses known so far. */
export const databaseHosts = (
  service: string,
  addresses: readonly (pulumi.Input<string> | undefined)[],
): pulumi.Output<string> =>
  pulumi
    .all(addresses.filter((address) => address !== undefined))
    .apply((known) =>
      joinHostPatterns(known.map((address) => databaseHostPattern(service, address))),
    );
