import { parseRdsEndpoint } from "./deployment.ts";

/**
 * Which hosts an application may meet behind the CNAME: `orders-prod-*.c1a2b3.us-east-1.rds.amazonaws.com`, separated by commas,
 * one pattern a Region. `*` stands for a generation's number and nothing else, so that a rebuilt database is allowed and a foreign
 * one is not: any RDS customer holds a valid certificate under the same authority, and only this list tells them from ours.
 */
export function databaseHostPattern(service: string, endpoint: string): string {
  const name = parseRdsEndpoint(endpoint);
  if (!name) throw new TypeError("endpoint must be the address of an RDS instance");
  return `${service}-*.${name.hash}.${name.region}.rds.amazonaws.com`;
}

export const joinHostPatterns = (patterns: readonly string[]): string =>
  [...new Set(patterns)].sort().join(",");

export const splitHostPatterns = (text: string): readonly string[] =>
  text
    .split(",")
    .map((pattern) => pattern.trim().toLowerCase())
    .filter((pattern) => pattern !== "");

/** Names are compared without case and without a trailing dot. */
export function isAllowedHost(host: string, patterns: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return patterns.some((pattern) => {
    const [before, after, ...rest] = pattern.toLowerCase().split("*");
    if (before === undefined || rest.length > 0) return false;
    if (after === undefined) return name === before;
    if (!name.startsWith(before) || !name.endsWith(after)) return false;
    return /^[1-9]\d*$/.test(name.slice(before.length, name.length - after.length));
  });
}
