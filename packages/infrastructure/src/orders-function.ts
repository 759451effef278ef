import type * as pulumi from "@pulumi/pulumi";
import { ordersFunctionName, ordersRoleName } from "@standby/topology";
import { RegionalFunction } from "./components/regional-function.ts";
import type { NetworkPlace } from "./components/regional-network.ts";
import { databaseHosts } from "./database-hosts.ts";
import { ordersApiBundle } from "./function-bundle.ts";
import type { StackConfig, Tags } from "./stack-config.ts";

/** The orders API of one Region, the same in both but for what lies around it. */
export const ordersFunction = (
  { service, region }: StackConfig,
  around: {
    /** ARN of this Region's own copy of the secret. */
    readonly secretArn: pulumi.Input<string>;
    readonly keyArn: pulumi.Input<string>;
    /** Of every Region's database that is known. */
    readonly databaseAddresses: readonly (pulumi.Input<string> | undefined)[];
    readonly network: NetworkPlace;
    readonly tags: Tags;
  },
): RegionalFunction => {
  const { secretArn, keyArn, databaseAddresses, network, tags } = around;
  return new RegionalFunction("orders-api", {
    functionName: ordersFunctionName(service),
    roleName: ordersRoleName(service, region),
    region,
    bundlePath: ordersApiBundle(),
    secretArn,
    keyArn,
    databaseHosts: databaseHosts(service, databaseAddresses),
    network,
    tags,
  });
};
