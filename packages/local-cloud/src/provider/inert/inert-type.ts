import { randomBytes } from "node:crypto";
import type { ServiceName } from "../../outages.ts";
import { type PropertyMap, requiredText } from "../property-values.ts";

export interface InertScope {
  readonly region: string;
  readonly accountId: string;
}

/** A type of which only the state matters: its API calls reach their Region and are logged, and nothing comes of them. */
export interface InertType {
  readonly service: ServiceName;
  /** Undefined: the resource's own Region. */
  readonly callRegion?: string;
  readonly calls: {
    readonly create: readonly string[];
    readonly read: readonly string[];
    readonly update: readonly string[];
    readonly delete: readonly string[];
  };
  readonly id: (inputs: PropertyMap, scope: InertScope) => string;
  /** Outputs that AWS would make up. */
  readonly outputs?: (id: string, inputs: PropertyMap, scope: InertScope) => PropertyMap;
}

export const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
/** An id in the form of EC2: a prefix and 17 hexadecimal digits. */
export const generated = (prefix: string) => () => `${prefix}-${hex(9).slice(0, 17)}`;
/** An id that the program chose. */
export const given = (property: string) => (inputs: PropertyMap) => requiredText(inputs, property);

/** Names separated by spaces; empty: the operation makes no call. */
export const calls = (
  create: string,
  read: string,
  update: string,
  remove: string,
): InertType["calls"] => {
  const list = (names: string) => (names === "" ? [] : names.split(" "));
  return { create: list(create), read: list(read), update: list(update), delete: list(remove) };
};
