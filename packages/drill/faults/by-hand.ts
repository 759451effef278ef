import { type LocalCloud, operator } from "@standby/local-cloud";
import { type CallsByHand, callsByHand } from "@standby/local-cloud/testing";

/** What somebody else with an operator's rights does to AWS, past the commands. */
export const byHand = (cloud: LocalCloud): CallsByHand => callsByHand(cloud, operator);
