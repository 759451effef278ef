import type { ServiceName } from "../outages.ts";
import { during } from "./aws-call-error.ts";
import { inertCatalogue } from "./inert/catalogue.ts";
import type { InertType } from "./inert/inert-type.ts";
import type { PropertyMap } from "./property-values.ts";
import type { ResourceHandler, Scope } from "./resource-handler.ts";

type Operation = keyof InertType["calls"];

/**
 * What exists of the inert types, for every stack that works in this cloud. An id alone is not enough: an accepter and the
 * options of a peering have the peering's id.
 */
type Existing = Map<string, PropertyMap>;

/** A call into a lost Region ends with the same limit as a real one. */
export const reachInert = async (
  service: ServiceName,
  operation: string,
  region: string,
  scope: Scope,
): Promise<void> => {
  const limit = AbortSignal.timeout(scope.requestTimeoutMilliseconds);
  const where = `operation error ${service}: ${operation}`;
  try {
    scope.signal.throwIfAborted();
    const signal = AbortSignal.any([scope.signal, limit]);
    await withAbort(scope.inertCall({ region, service, operation }, signal), signal);
  } catch (error) {
    if (limit.aborted)
      throw new Error(`${where}, request send failed: no answer`, { cause: error });
    throw during(where, error);
  }
};

const withAbort = async (call: Promise<void>, signal: AbortSignal): Promise<void> => {
  let stop = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    await Promise.race([call, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
};

const reach = async (type: InertType, operation: Operation, scope: Scope): Promise<void> => {
  for (const name of type.calls[operation]) {
    await reachInert(type.service, name, type.callRegion ?? scope.region, scope);
  }
};

const handlerOf = (token: string, type: InertType, existing: Existing): ResourceHandler => {
  const key = (id: string, scope: Scope) => `${token} ${type.callRegion ?? scope.region} ${id}`;
  const remember = (id: string, properties: PropertyMap, scope: Scope) => {
    const { tagsAll, ...rest } = properties;
    const tags = tagsAll === undefined ? {} : { tags: tagsAll };
    existing.set(key(id, scope), { ...rest, ...tags });
  };
  return {
    async create(inputs, scope, created) {
      await reach(type, "create", scope);
      const id = type.id(inputs, scope);
      remember(id, { ...type.outputs?.(id, inputs, scope), ...inputs }, scope);
      created(id);
    },
    async read(id, _state, scope) {
      await reach(type, "read", scope);
      return existing.get(key(id, scope));
    },
    async update({ id, planned, changed }, scope) {
      if (changed.size === 0) return;
      await reach(type, "update", scope);
      remember(id, planned, scope);
    },
    async delete(id, _state, scope) {
      await reach(type, "delete", scope);
      existing.delete(key(id, scope));
    },
  };
};

/** A handler for every inert type, with a memory of their own. */
export const inertHandlers = (): Readonly<Record<string, ResourceHandler>> => {
  const existing: Existing = new Map();
  return Object.fromEntries(
    Object.entries(inertCatalogue).map(([token, type]) => [
      token,
      handlerOf(token, type, existing),
    ]),
  );
};
