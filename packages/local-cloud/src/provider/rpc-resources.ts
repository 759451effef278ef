import messages from "@pulumi/pulumi/proto/provider_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import type { Connection } from "./connections.ts";
import { contractOf, type ResourceContract } from "./contract.ts";
import { initializationFailure } from "./initialization-failure.ts";
import { inputsFrom, markOutputs, outputsOf } from "./outputs.ts";
import { plan, previewOfCreation } from "./plan.ts";
import {
  mapOf,
  mapWithoutDefaults,
  type PropertyMap,
  structOf,
  unknown,
} from "./property-values.ts";
import type { ResourceHandler, Scope } from "./resource-handler.ts";
import { typeOf } from "./urn.ts";

/** What the resource calls of one connection share. */
export interface ResourceRpcs {
  readonly connection: Connection;
  readonly handlerOf: (type: string) => ResourceHandler;
  /** `timeoutSeconds` 0: no custom timeout was set. */
  readonly scopeOf: (
    properties: PropertyMap,
    timeoutSeconds: number,
    defaultSeconds: number | undefined,
  ) => Scope;
}

type Operation = keyof NonNullable<ResourceContract["timeoutSeconds"]>;

const scopeFor = (
  rpcs: ResourceRpcs,
  type: string,
  operation: Operation,
  properties: PropertyMap,
  timeoutSeconds: number,
): Scope => rpcs.scopeOf(properties, timeoutSeconds, contractOf(type).timeoutSeconds?.[operation]);

const failure = (activity: string, urn: string, error: unknown): string =>
  `${activity} ${urn}: 1 error occurred:\n\t* ${error instanceof Error ? error.message : String(error)}\n\n`;

/** Reads what was just written; a failure before that leaves the resource in the state as it was planned. */
const written = async (
  rpcs: ResourceRpcs,
  type: string,
  id: string,
  planned: PropertyMap,
  scope: Scope,
): Promise<PropertyMap> => {
  const read = await rpcs.handlerOf(type).read(id, planned, scope);
  if (read === undefined) {
    throw new Error(
      "Resource provider reported that the resource did not exist while updating it: run `pulumi refresh`",
    );
  }
  const { defaultTags } = rpcs.connection;
  return outputsOf({ type, id, state: planned, read, region: scope.region, defaultTags });
};

export const createResource = async (
  request: messages.CreateRequest,
  rpcs: ResourceRpcs,
): Promise<messages.CreateResponse> => {
  const urn = request.getUrn();
  const type = typeOf(urn);
  const inputs = mapOf(request.getProperties());
  const { planned } = plan({ type, state: {}, inputs, ignoreChanges: [] });
  const response = new messages.CreateResponse();
  if (request.getPreview()) {
    response.setProperties(structOf(markOutputs(type, previewOfCreation(type, planned))));
    return response;
  }
  const scope = scopeFor(rpcs, type, "create", inputs, request.getTimeout());
  let id: string | undefined;
  try {
    const plain = mapWithoutDefaults(inputs);
    await rpcs.handlerOf(type).create(plain, scope, (made) => {
      id = made;
    });
    if (id === undefined) throw new Error("AWS answered without an identifier");
    response.setId(id);
    const outputs = await written(rpcs, type, id, planned, scope);
    response.setProperties(structOf(markOutputs(type, outputs)));
    return response;
  } catch (error) {
    const reason = failure("creating", urn, error);
    if (id === undefined) throw new Error(reason, { cause: error });
    const properties = markOutputs(type, { ...planned, id });
    throw initializationFailure({ id, properties, inputs, reason });
  }
};

/** New code has a hash that only AWS computes; everything else that AWS computes stays. */
const previewOfUpdate = (type: string, planned: PropertyMap, changed: ReadonlySet<string>) => {
  if (type !== "aws:lambda/function:Function" || changed.size === 0) return planned;
  const code = changed.has("code") ? { sourceCodeHash: unknown, codeSha256: unknown } : {};
  return { ...planned, lastModified: unknown, ...code };
};

export const updateResource = async (
  request: messages.UpdateRequest,
  rpcs: ResourceRpcs,
): Promise<messages.UpdateResponse> => {
  const [urn, id] = [request.getUrn(), request.getId()];
  const type = typeOf(urn);
  const [state, inputs] = [mapOf(request.getOlds()), mapOf(request.getNews())];
  const ignoreChanges = request.getIgnorechangesList();
  const { planned, changed } = plan({ type, state, inputs, ignoreChanges });
  const response = new messages.UpdateResponse();
  if (request.getPreview()) {
    const preview = previewOfUpdate(type, planned, changed);
    response.setProperties(structOf(markOutputs(type, preview)));
    return response;
  }
  const scope = scopeFor(rpcs, type, "update", state, request.getTimeout());
  try {
    const wanted = { ...planned, ...writeOnlyInputs(type, inputs) };
    await rpcs.handlerOf(type).update({ id, state, planned: wanted, changed }, scope);
    const outputs = await written(rpcs, type, id, planned, scope);
    response.setProperties(structOf(markOutputs(type, outputs)));
    return response;
  } catch (error) {
    // Terraform never learns how far a failed update came: what was planned becomes the state, and the next update without
    // a refresh finds nothing left to do.
    const reason = failure("updating", urn, error);
    const properties = markOutputs(type, { ...planned, id });
    throw initializationFailure({ id, properties, inputs, reason });
  }
};

const writeOnlyInputs = (type: string, inputs: PropertyMap): PropertyMap =>
  Object.fromEntries(
    Object.entries(inputs).filter(([name]) => contractOf(type).inputs[name]?.writeOnly),
  );

const defaultsOf = (type: string): PropertyMap =>
  Object.fromEntries(
    Object.entries(contractOf(type).inputs)
      .filter(([, field]) => field.default !== undefined)
      .map(([name, field]) => [name, field.default]),
  );

/** An import id may name its Region: `<id>@<region>`. */
const importId = (id: string): { id: string; region?: string } => {
  const match = /^(.+)@([a-z]{2}(?:-[a-z]+)+-\d)$/.exec(id);
  return match?.[1] && match[2] ? { id: match[1], region: match[2] } : { id };
};

export const readResource = async (
  request: messages.ReadRequest,
  rpcs: ResourceRpcs,
): Promise<messages.ReadResponse> => {
  const urn = request.getUrn();
  const type = typeOf(urn);
  const handler = rpcs.handlerOf(type);
  const state = mapOf(request.getProperties());
  const isImport = Object.keys(state).length === 0;
  const named = isImport ? importId(request.getId()) : { id: request.getId() };
  const known: PropertyMap = isImport
    ? { ...defaultsOf(type), ...handler.imported, region: named.region }
    : state;
  const scope = rpcs.scopeOf(known, request.getTimeout(), undefined);
  const response = new messages.ReadResponse();
  try {
    const read = await handler.read(named.id, known, scope);
    if (read === undefined) return response;
    const id = typeof read["id"] === "string" ? read["id"] : named.id;
    const { defaultTags } = rpcs.connection;
    const outputs = outputsOf({ type, id, state: known, read, region: scope.region, defaultTags });
    const oldInputs = isImport ? undefined : mapOf(request.getInputs());
    response.setId(id);
    response.setProperties(structOf(markOutputs(type, outputs)));
    response.setInputs(structOf(markOutputs(type, inputsFrom(type, outputs, oldInputs))));
    return response;
  } catch (error) {
    throw new Error(failure("refreshing", urn, error), { cause: error });
  }
};

export const deleteResource = async (
  request: messages.DeleteRequest,
  rpcs: ResourceRpcs,
): Promise<emptyMessages.Empty> => {
  const urn = request.getUrn();
  const type = typeOf(urn);
  const state = mapOf(request.getProperties());
  const scope = scopeFor(rpcs, type, "delete", state, request.getTimeout());
  try {
    await rpcs.handlerOf(type).delete(request.getId(), state, scope);
    return new emptyMessages.Empty();
  } catch (error) {
    throw new Error(failure("deleting", urn, error), { cause: error });
  }
};
