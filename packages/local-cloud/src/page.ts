import type { AwsError } from "./service.ts";

export interface PageRequest {
  readonly limit: number;
  /** What the page before gave as its continuation. */
  readonly token: string | undefined;
  /** What the service says to a token that it never gave. */
  readonly invalidToken: () => AwsError;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Undefined on the last page. */
  readonly nextToken: string | undefined;
}

/** Distinguishes a token of ours from any other Base64. */
const prefix = "after:";

const tokenAfter = (count: number): string =>
  Buffer.from(`${prefix}${count}`).toString("base64url");

function startOf({ token, invalidToken }: PageRequest): number {
  if (token === undefined) return 0;
  const text = Buffer.from(token, "base64url").toString("utf8");
  const start = text.startsWith(prefix) ? Number(text.slice(prefix.length)) : Number.NaN;
  if (!Number.isSafeInteger(start) || start < 1) throw invalidToken();
  return start;
}

/** One page of a list that is sorted in an order which later additions do not change. */
export function pageOf<Item>(all: readonly Item[], request: PageRequest): Page<Item> {
  const start = startOf(request);
  const end = start + request.limit;
  return {
    items: all.slice(start, end),
    nextToken: end < all.length ? tokenAfter(end) : undefined,
  };
}
