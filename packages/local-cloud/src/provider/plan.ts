import { contractOf, type InputField, type ResourceContract } from "./contract.ts";
import { type Difference, differencesOf } from "./differences.ts";
import { isBlank, sameValue } from "./equality.ts";
import {
  containsUnknown,
  defaultsKey,
  isMap,
  mapWithoutDefaults,
  type PropertyMap,
  type PropertyValue,
  unknown,
} from "./property-values.ts";
import { specialDifferences } from "./special-differences.ts";
import { suppresses } from "./suppressed-differences.ts";

export interface PlanRequest {
  readonly type: string;
  /** The outputs that the state holds; empty for a resource that is to be created. */
  readonly state: PropertyMap;
  /** What Check returned. */
  readonly inputs: PropertyMap;
  readonly ignoreChanges: readonly string[];
}

export interface Plan {
  readonly differences: readonly Difference[];
  /** Top-level names. */
  readonly changed: ReadonlySet<string>;
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Properties whose change would replace the resource, and that did not change. */
  readonly stables: readonly string[];
  /** The state as it will be if everything goes to plan; also what an update that fails half way leaves behind. */
  readonly planned: PropertyMap;
}

const isUnder = (path: string, ignored: string): boolean =>
  path === ignored || path.startsWith(`${ignored}.`) || path.startsWith(`${ignored}[`);

/** An unset property keeps what AWS made of it when the provider computes it; otherwise unset means off. */
const wantedOf = (
  field: InputField,
  state: PropertyValue | undefined,
  input: PropertyValue | undefined,
) => {
  if (input !== undefined && input !== null) return input;
  return field.computed ? state : field.default;
};

const differencesIn = (request: PlanRequest, name: string, field: InputField): Difference[] => {
  const { type, inputs } = request;
  if (field.writeOnly) return [];
  const state = request.state[name];
  const wanted = wantedOf(field, state, inputs[name]);
  const same =
    !containsUnknown(wanted) &&
    (sameValue(field, state, wanted) || suppresses(type, name, state, wanted, inputs));
  if (same) return [];
  const found = containsUnknown(wanted)
    ? [
        {
          path: name,
          kind: state === undefined ? "add" : "update",
          replaces: field.forceNew === true,
        } as const,
      ]
    : differencesOf(field, name, { state, wanted });
  return found.filter(({ path }) => !request.ignoreChanges.some((each) => isUnder(path, each)));
};

/** Elements keep what AWS said about them: a replica's status, for example. */
const withComputedMembers = (
  field: InputField,
  state: PropertyValue | undefined,
  wanted: PropertyValue | undefined,
): PropertyValue | undefined => {
  if (!field.fields || !Array.isArray(state) || !Array.isArray(wanted)) return wanted;
  return wanted.map((element) => {
    const old = state.find((each) => sameValue({ ...field, type: "object" }, each, element));
    return isMap(old) && isMap(element) ? { ...old, ...element } : element;
  });
};

const plannedState = (
  request: PlanRequest,
  contract: ResourceContract,
  changed: ReadonlySet<string>,
) => {
  const planned: PropertyMap = { ...request.state };
  for (const [name, field] of Object.entries(contract.inputs)) {
    const state = request.state[name];
    const wanted = wantedOf(field, state, request.inputs[name]);
    if (field.writeOnly) delete planned[name];
    else if (wanted === undefined) {
      if (changed.has(name) || isBlank(state)) delete planned[name];
    } else if (changed.has(name) || state === undefined || field.type === "archive") {
      // An archive of the state has its hash only; the input's has the files, which an update may need.
      planned[name] = withComputedMembers(field, state, wanted);
    }
  }
  return planned;
};

export const propertyOf = (path: string): string => path.split(/[.[]/, 1)[0] ?? path;

/** Data is gone before the new resource exists: two of one name cannot live side by side. */
const deletesFirst = (contract: ResourceContract, inputs: PropertyMap): boolean => {
  const { autoName } = contract;
  const filledIn = inputs[defaultsKey];
  const named =
    autoName !== undefined &&
    inputs[autoName.property] !== undefined &&
    !(Array.isArray(filledIn) && filledIn.includes(autoName.property));
  return contract.deleteBeforeReplace === true || named;
};

/**
 * Compares the state with what is wanted, as Terraform's plan does: no AWS call. Throws the type's own refusal.
 */
export const plan = (request: PlanRequest): Plan => {
  const contract = contractOf(request.type);
  const state = mapWithoutDefaults(request.state);
  const inputs = mapWithoutDefaults(request.inputs);
  const plain = { ...request, state, inputs };
  const special = specialDifferences(request.type, state, inputs);
  if (special.error !== undefined) throw new Error(special.error);
  const differences = Object.entries(contract.inputs)
    .flatMap(([name, field]) => differencesIn(plain, name, field))
    .map((each) =>
      special.replaces.includes(propertyOf(each.path)) ? { ...each, replaces: true } : each,
    );
  const changed = new Set(differences.map(({ path }) => propertyOf(path)));
  const replaces = differences.filter((each) => each.replaces).map(({ path }) => path);
  return {
    differences,
    changed,
    replaces,
    deleteBeforeReplace: replaces.length > 0 && deletesFirst(contract, request.inputs),
    stables: Object.entries(contract.inputs)
      .filter(([name, field]) => field.forceNew && !changed.has(name))
      .map(([name]) => name)
      .sort(),
    planned: plannedState(plain, contract, changed),
  };
};

/** What a preview answers for a resource that does not exist yet: AWS's part is unknown. */
export const previewOfCreation = (type: string, planned: PropertyMap): PropertyMap => {
  const contract = contractOf(type);
  const preview: PropertyMap = { ...planned, id: unknown };
  for (const name of contract.computedOutputs) preview[name] ??= unknown;
  for (const [name, field] of Object.entries(contract.inputs)) {
    if (field.computed) preview[name] ??= unknown;
  }
  return preview;
};
