import {
  type Architecture,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  type GetFunctionCommandOutput,
  ListVersionsByFunctionCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { type AwsCallError, during, hasCode, hasCodeAndText } from "../aws-call-error.ts";
import {
  flag,
  isArchive,
  number,
  type PropertyMap,
  requiredText,
  text,
  textMap,
  texts,
} from "../property-values.ts";
import type { ResourceHandler, Scope, Update } from "../resource-handler.ts";
import { tagChanges } from "../tag-changes.ts";
import { retrying, untilState } from "../waiting.ts";
import { zipOf } from "./function-archive.ts";
import {
  configurationOf,
  configurationProperties,
  functionState,
} from "./function-configuration.ts";

const retrySeconds = 300;
const activeSeconds = 600;
/** The value that means "no reservation". */
const unreserved = -1;

const mayPass = (error: AwsCallError): boolean =>
  hasCodeAndText(error, "InvalidParameterValue", "cannot be assumed by Lambda") ||
  hasCode(error, "ResourceConflict");

const architecturesOf = (properties: PropertyMap) =>
  texts(properties, "architectures") as Architecture[] | undefined;

const codeOf = async (properties: PropertyMap, scope: Scope): Promise<{ ZipFile: Uint8Array }> => {
  const code = properties["code"];
  if (!isArchive(code)) throw new Error("NotModelled: a function without an archive as its code");
  return { ZipFile: await zipOf(code, scope.programFolder) };
};

const find = async (name: string, scope: Scope): Promise<GetFunctionCommandOutput | undefined> => {
  try {
    const command = new GetFunctionCommand({ FunctionName: name });
    return await scope.aws.lambda.send(command, { abortSignal: scope.signal });
  } catch (error) {
    if (hasCode(error, "ResourceNotFound")) return undefined;
    throw error;
  }
};

const untilActive = (name: string, scope: Scope) =>
  untilState(
    {
      look: async () => (await find(name, scope))?.Configuration?.State,
      targets: ["Active"],
      pending: ["Pending"],
      waiter: scope.dials.functionWaiter,
      timeoutSeconds: activeSeconds,
    },
    scope,
  );

const untilUpdated = (name: string, scope: Scope) =>
  untilState(
    {
      look: async () => (await find(name, scope))?.Configuration?.LastUpdateStatus,
      targets: ["Successful"],
      pending: ["InProgress"],
      waiter: scope.dials.functionWaiter,
      timeoutSeconds: activeSeconds,
    },
    scope,
  );

const reserve = async (name: string, properties: PropertyMap, scope: Scope): Promise<void> => {
  const reserved = number(properties, "reservedConcurrentExecutions") ?? unreserved;
  const options = { abortSignal: scope.signal };
  if (reserved === unreserved) {
    const command = new DeleteFunctionConcurrencyCommand({ FunctionName: name });
    await scope.aws.lambda.send(command, options);
    return;
  }
  const command = new PutFunctionConcurrencyCommand({
    FunctionName: name,
    ReservedConcurrentExecutions: reserved,
  });
  await scope.aws.lambda.send(command, options);
};

const hasReservation = (properties: PropertyMap): boolean =>
  (number(properties, "reservedConcurrentExecutions") ?? unreserved) !== unreserved;

const create: ResourceHandler["create"] = async (inputs, scope, created) => {
  const name = requiredText(inputs, "name");
  try {
    const command = new CreateFunctionCommand({
      ...configurationOf(inputs),
      FunctionName: name,
      Role: requiredText(inputs, "role"),
      Architectures: architecturesOf(inputs),
      Code: await codeOf(inputs, scope),
      PackageType: "Zip",
      Publish: flag(inputs, "publish") ?? false,
      Tags: textMap(inputs, "tagsAll"),
    });
    const send = () => scope.aws.lambda.send(command, { abortSignal: scope.signal });
    await retrying(send, mayPass, scope, retrySeconds);
    created(name);
    await untilActive(name, scope);
    if (hasReservation(inputs)) await reserve(name, inputs, scope);
  } catch (error) {
    throw during(`creating Lambda Function (${name})`, error);
  }
};

const read: ResourceHandler["read"] = async (id, _state, scope) => {
  try {
    const found = await find(id, scope);
    if (!found?.Configuration) return undefined;
    const options = { abortSignal: scope.signal };
    // Asked for as the provider does; nothing of the answers matters to a function that is neither published nor signed.
    await scope.aws.lambda.send(new ListVersionsByFunctionCommand({ FunctionName: id }), options);
    const signing = new GetFunctionCodeSigningConfigCommand({ FunctionName: id });
    await scope.aws.lambda.send(signing, options);
    return functionState(found, scope.region);
  } catch (error) {
    throw during(`reading Lambda Function (${id})`, error);
  }
};

const changeTags = async ({ state, planned }: Update, scope: Scope): Promise<void> => {
  const [old, wanted] = [textMap(state, "tagsAll"), textMap(planned, "tagsAll")];
  const { removed, put } = tagChanges(old, wanted);
  const Resource = requiredText(state, "arn");
  const options = { abortSignal: scope.signal };
  if (removed.length > 0) {
    await scope.aws.lambda.send(new UntagResourceCommand({ Resource, TagKeys: removed }), options);
  }
  if (put.length > 0) {
    const Tags = Object.fromEntries(put.map(({ Key, Value }) => [Key, Value]));
    await scope.aws.lambda.send(new TagResourceCommand({ Resource, Tags }), options);
  }
};

const changeConfiguration = async (name: string, planned: PropertyMap, scope: Scope) => {
  const command = new UpdateFunctionConfigurationCommand({
    ...configurationOf(planned),
    FunctionName: name,
    Role: requiredText(planned, "role"),
  });
  const send = () => scope.aws.lambda.send(command, { abortSignal: scope.signal });
  await retrying(send, mayPass, scope, retrySeconds);
  await untilUpdated(name, scope);
};

const changeCode = async (name: string, planned: PropertyMap, scope: Scope) => {
  const command = new UpdateFunctionCodeCommand({
    ...(await codeOf(planned, scope)),
    Architectures: architecturesOf(planned),
    FunctionName: name,
  });
  await scope.aws.lambda.send(command, { abortSignal: scope.signal });
  await untilUpdated(name, scope);
};

/** Configuration first, then code: for a moment the old code runs with the new configuration. */
const update: ResourceHandler["update"] = async (request, scope) => {
  const { id, planned, changed } = request;
  try {
    if (changed.has("tagsAll")) await changeTags(request, scope);
    if (configurationProperties.some((name) => changed.has(name))) {
      await changeConfiguration(id, planned, scope);
    }
    if (changed.has("code") || changed.has("sourceCodeHash") || changed.has("architectures")) {
      await changeCode(id, planned, scope);
    }
    if (changed.has("reservedConcurrentExecutions")) await reserve(id, planned, scope);
  } catch (error) {
    throw during(`updating Lambda Function (${id})`, error);
  }
};

const remove: ResourceHandler["delete"] = async (id, state, scope) => {
  if (flag(state, "skipDestroy")) return;
  const command = new DeleteFunctionCommand({ FunctionName: text(state, "name") ?? id });
  try {
    await scope.aws.lambda.send(command, { abortSignal: scope.signal });
  } catch (error) {
    if (hasCode(error, "ResourceNotFound")) return;
    throw during(`deleting Lambda Function (${id})`, error);
  }
};

export const lambdaFunction: ResourceHandler = { create, read, update, delete: remove };
