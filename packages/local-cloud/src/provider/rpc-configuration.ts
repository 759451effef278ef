import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import { during } from "./aws-call-error.ts";
import type { RegionalClients } from "./aws-clients.ts";
import type { Connection, Connections } from "./connections.ts";
import {
  isMap,
  mapOf,
  type PropertyMap,
  type PropertyValue,
  text,
  textMap,
} from "./property-values.ts";

/** The version of `@pulumi/aws` whose behaviour is stood in for. */
const providerVersion = "7.48.0";

export const pluginInfo = (): pluginMessages.PluginInfo => {
  const info = new pluginMessages.PluginInfo();
  info.setVersion(providerVersion);
  return info;
};

export const attach = (): emptyMessages.Empty => new emptyMessages.Empty();

/** The plugin script leaves it beside itself, in a file named after the engine that started it. */
const programFolderOf = async (
  request: messages.ProviderHandshakeRequest,
): Promise<string | undefined> => {
  const file = join(request.getRootDirectory() ?? "", `engine-${request.getEngineAddress()}`);
  try {
    return (await readFile(file, "utf8")).trim();
  } catch {
    return undefined;
  }
};

/** Like the bridged provider: the engine strips secrets before it calls and marks them again afterwards. */
export const handshake = async (
  request: messages.ProviderHandshakeRequest,
  peer: string,
  connections: Connections,
): Promise<messages.ProviderHandshakeResponse> => {
  const folder = await programFolderOf(request);
  if (folder !== undefined) connections.setProgramFolder(peer, folder);
  const response = new messages.ProviderHandshakeResponse();
  response.setSupportsAutonamingConfiguration(true);
  return response;
};

export const checkConfig = (request: messages.CheckRequest): messages.CheckResponse => {
  const response = new messages.CheckResponse();
  response.setInputs(request.getNews());
  return response;
};

export const diffConfig = (request: messages.DiffRequest): messages.DiffResponse => {
  const [old, wanted] = [mapOf(request.getOldInputs()), mapOf(request.getNews())];
  const response = new messages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setChanges(JSON.stringify(old) === JSON.stringify(wanted) ? DIFF_NONE : DIFF_SOME);
  if (old["region"] !== wanted["region"]) response.setReplacesList(["region"]);
  return response;
};

/** Nested configuration arrives as JSON text. */
const parsed = (value: PropertyValue | undefined): PropertyMap => {
  if (typeof value !== "string") return isMap(value) ? value : {};
  try {
    const document = JSON.parse(value) as PropertyValue;
    return isMap(document) ? document : {};
  } catch {
    return {};
  }
};

const connectionOf = async (
  config: PropertyMap,
  clients: RegionalClients,
  signal: AbortSignal,
): Promise<Connection> => {
  const region = text(config, "region");
  if (region === undefined) {
    throw new Error("missing region: set one with `pulumi config set aws:region us-west-2`");
  }
  try {
    const { sts } = clients.of(region);
    const identity = await sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
    return {
      region,
      accountId: identity.Account ?? "",
      defaultTags: textMap(parsed(config["defaultTags"]), "tags"),
    };
  } catch (error) {
    throw during("unable to validate AWS credentials", error);
  }
};

/** Asks STS in the provider's Region who it is, as the real one does before anything else, in a preview too. */
export const configure = async (
  request: messages.ConfigureRequest,
  peer: string,
  { connections, clients }: { connections: Connections; clients: RegionalClients },
): Promise<messages.ConfigureResponse> => {
  const signal = connections.signalOf(peer);
  const config = mapOf(request.getArgs());
  connections.configure(peer, await connectionOf(config, clients, signal));
  const response = new messages.ConfigureResponse();
  response.setSupportspreview(true);
  response.setSupportsAutonamingConfiguration(true);
  return response;
};
