import type * as pulumi from "@pulumi/pulumi";
import { ordersFunctionName, ordersRoleName } from "@standby/topology";
import { RegionalFunction } from "./components/regional-function.ts";
import type { NetworkPlace } from "./components/regional-network.ts";
import { databaseHosts } from "./database-hosts.ts";
import { bundleOf } from "./function-bundle.ts";
import type { StackConfig, Tags } from "./stack-config.ts";

/** What a function is told, whichever it is. */
export interface FunctionSurroundings {
  /** ARN of this Region's own copy of the secret. */
  readonly secretArn: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  /** Of every Region's database that is known. */
  readonly databaseAddresses: readonly (pulumi.Input<string> | undefined)[];
  readonly network: NetworkPlace;
  readonly tags: Tags;
}

/** Where callers who sign reach the function. */
export const functionAddress = ({ functionUrl }: RegionalFunction) =>
  functionUrl === undefined ? {} : { functionUrl };

/** The orders API of one Region, the same in both but for what lies around it. */
export const ordersFunction = (
  { service, region }: StackConfig,
  around: FunctionSurroundings,
): RegionalFunction => {
  const { secretArn, keyArn, databaseAddresses, network, tags } = around;
  return new RegionalFunction("orders-api", {
    functionName: ordersFunctionName(service),
    role: { name: ordersRoleName(service, region) },
    policyName: "orders-api",
    description: "Orders API",
    region,
    bundlePath: bundleOf("orders-api"),
    secretArn,
    keyArn,
    databaseHosts: databaseHosts(service, databaseAddresses),
    address: "signed",
    network,
    tags,
  });
};
