/*
 * Creations that a killed engine left pending. The engine itself only asks a person about them: a next update would create the resource
 * a second time, and `refresh --import-pending-creates` forgets the operation without taking the resource into the state.
 */

/** A resource whose creation was begun and whose end the state does not know. */
export interface PendingCreation {
  readonly urn: string;
  readonly type: string;
  /** Undefined for a component, which exists in the state alone. */
  readonly physicalName: string | undefined;
  readonly isComponent: boolean;
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

interface Export {
  readonly deployment: {
    readonly resources?: readonly object[];
    readonly pending_operations?: readonly { readonly type: string; readonly resource: Resource }[];
  };
}

export const pendingCreations = (exported: string): readonly PendingCreation[] =>
  operationsIn(JSON.parse(exported) as Export)
    .filter(({ type }) => type === "creating")
    .map(({ resource: { urn, type, custom = false, inputs = {} } }) => ({
      urn,
      type,
      physicalName: nameIn(inputs),
      isComponent: !custom,
    }));

const nameIn = ({ identifier, name }: Readonly<Record<string, unknown>>): string | undefined => {
  const found = identifier ?? name;
  return typeof found === "string" ? found : undefined;
};

const operationsIn = ({ deployment }: Export) => deployment.pending_operations ?? [];

/**
 * The same state without pending creations: those with an id are resources of it, the others never were. The values that it keeps
 * secret stay encrypted. What the program gave stands for what AWS has until the next refresh reads that.
 *
 * @param ids - by URN, as the provider names what exists
 */
export function withCreations(exported: string, ids: ReadonlyMap<string, string>): string {
  const document = JSON.parse(exported) as Export;
  const { deployment } = document;
  const created = operationsIn(document).flatMap(({ type, resource }) => {
    const id = ids.get(resource.urn);
    return type !== "creating" || id === undefined
      ? []
      : [{ ...resource, id, outputs: { ...resource.inputs, id } }];
  });
  return JSON.stringify({
    ...document,
    deployment: {
      ...deployment,
      // Nothing depends on them yet, so that the end is a place that the state's order allows.
      resources: [...(deployment.resources ?? []), ...created],
      pending_operations: operationsIn(document).filter(({ type }) => type !== "creating"),
    },
  });
}
