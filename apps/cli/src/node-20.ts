/*
 * What Node 20 lacks of what the libraries in the bundle use: the command has to start on the Node that a machine happens to have, in
 * an outage too. Imported first, for its effect.
 */

interface SetWithUnion {
  union?: (this: ReadonlySet<unknown>, other: Iterable<unknown>) => Set<unknown>;
}

const prototype = Set.prototype as SetWithUnion;
prototype.union ??= function union(other) {
  return new Set([...this, ...other]);
};
