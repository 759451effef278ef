import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { check } from "./check.ts";
import type { Connection } from "./connections.ts";
import { contractOf } from "./contract.ts";
import type { Difference } from "./differences.ts";
import { plan, propertyOf } from "./plan.ts";
import { mapOf, structOf } from "./property-values.ts";
import { logicalName, typeOf } from "./urn.ts";

export const checkResource = (
  request: messages.CheckRequest,
  connection: Connection,
): messages.CheckResponse => {
  const urn = request.getUrn();
  const proposedName = request.getAutonaming()?.getProposedName();
  const result = check({
    contract: contractOf(typeOf(urn)),
    name: logicalName(urn),
    oldInputs: mapOf(request.getOlds()),
    inputs: mapOf(request.getNews()),
    randomSeed: request.getRandomseed_asU8(),
    ...(proposedName ? { proposedName } : {}),
    providerRegion: connection.region,
    defaultTags: connection.defaultTags,
  });
  const response = new messages.CheckResponse();
  response.setInputs(structOf(result.inputs));
  response.setFailuresList(
    result.failures.map((reason) => {
      const failure = new messages.CheckFailure();
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
};

const propertyDiff = ({ kind, replaces }: Difference): messages.PropertyDiff => {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } =
    messages.PropertyDiff.Kind;
  const kinds = {
    add: replaces ? ADD_REPLACE : ADD,
    update: replaces ? UPDATE_REPLACE : UPDATE,
    delete: replaces ? DELETE_REPLACE : DELETE,
  };
  const diff = new messages.PropertyDiff();
  diff.setKind(kinds[kind]);
  return diff;
};

export const diffResource = (request: messages.DiffRequest): messages.DiffResponse => {
  const planned = plan({
    type: typeOf(request.getUrn()),
    state: mapOf(request.getOlds()),
    inputs: mapOf(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  });
  const response = new messages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setChanges(planned.differences.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...planned.changed]);
  response.setReplacesList([...new Set(planned.replaces.map(propertyOf))]);
  response.setStablesList([...planned.stables]);
  response.setDeletebeforereplace(planned.deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const difference of planned.differences) {
    response.getDetaileddiffMap().set(difference.path, propertyDiff(difference));
  }
  return response;
};
