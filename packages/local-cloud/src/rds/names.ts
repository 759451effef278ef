import { accountId } from "../account.ts";
import { stableHash } from "../identifiers.ts";

export type ResourceKind = "db" | "pg" | "subgrp" | "snapshot";

export const arnOf = (region: string, kind: ResourceKind, name: string): string =>
  `arn:aws:rds:${region}:${accountId}:${kind}:${name}`;

export interface RdsArn {
  readonly region: string;
  readonly kind: string;
  readonly name: string;
}

export function parseArn(text: string): RdsArn | undefined {
  const match = /^arn:aws:rds:([a-z0-9-]+):\d{12}:([a-z-]+):(.+)$/.exec(text);
  const [, region, kind, name] = match ?? [];
  return region && kind && name ? { region, kind, name } : undefined;
}

export const endpointSuffix = "rds.amazonaws.com";

/** The hash is the same for every instance of an account in a Region. */
export const endpointOf = (region: string, identifier: string): string =>
  `${identifier}.${stableHash(accountId, region)}.${region}.${endpointSuffix}`;
