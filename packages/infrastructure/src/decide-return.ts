import type { ObservedDatabase } from "./observe.ts";

/** What of the primary Region can take the writes over from the recovery Region's database. */
export type Return =
  /** Rebuilt from it and standalone: the CNAME may name it. */
  | { readonly kind: "ready"; readonly identifier: string }
  /** Rebuilt from it, and still its replica. */
  | { readonly kind: "replicating"; readonly identifier: string }
  /** Nothing, or a database that lacks its writes: first of all the source that was failed away from. */
  | { readonly kind: "none"; readonly identifier?: string };

/** Judges the primary Region's newest database, as its own Region shows it, by the tag that it was born with. */
export function decideReturn(
  writer: ObservedDatabase,
  primaryDatabases: readonly ObservedDatabase[],
): Return {
  const candidate = primaryDatabases.at(-1);
  if (!candidate) return { kind: "none" };
  const { identifier, origin, sourceArn } = candidate;
  if (origin !== writer.arn) return { kind: "none", identifier };
  if (sourceArn === undefined) return { kind: "ready", identifier };
  return sourceArn === writer.arn
    ? { kind: "replicating", identifier }
    : { kind: "none", identifier };
}
