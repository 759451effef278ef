import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import type { Dials } from "../dials.ts";
import type { RolePolicies } from "../iam/role-policies.ts";
import { RegionalClients } from "./aws-clients.ts";
import { Connections, regionOf } from "./connections.ts";
import { RpcError } from "./initialization-failure.ts";
import { invokeFunction } from "./invokes/registry.ts";
import { mapOf, type PropertyMap, structOf } from "./property-values.ts";
import { handlerRegistry } from "./registry.ts";
import type { InertCall, Scope } from "./resource-handler.ts";
import {
  attach,
  checkConfig,
  configure,
  diffConfig,
  handshake,
  pluginInfo,
} from "./rpc-configuration.ts";
import { checkResource, diffResource } from "./rpc-planning.ts";
import {
  createResource,
  deleteResource,
  type ResourceRpcs,
  readResource,
  updateResource,
} from "./rpc-resources.ts";

export interface ProviderOptions {
  /** AWS endpoint of every service and Region. */
  readonly endpoint: string;
  readonly dials: Dials;
  /** Reaches a Region's API for a type of which nothing is modelled, so that a lost Region fails it and the log shows it. */
  readonly inertCall: InertCall;
  /** Gets the policies of the roles that are declared. */
  readonly rolePolicies?: RolePolicies;
  /** How long one AWS call may stay without an answer; it is tried twice. Default: 10. */
  readonly requestTimeoutSeconds?: number;
}

export interface Provider {
  /** On 127.0.0.1: what a plugin script prints for the engine. */
  readonly port: number;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** What Terraform gives an operation whose type names no limit. */
const usualSeconds = 20 * 60;

const requestTimeoutOf = ({ requestTimeoutSeconds = 10 }: ProviderOptions): number =>
  requestTimeoutSeconds * 1000;

type Unary<Request, Response> = (
  request: Request,
  peer: string,
  signal: AbortSignal,
) => Response | Promise<Response>;

/** A gone client aborts what it asked for, as the end of the engine ends the real provider's process. */
const unary =
  <Request, Response>(handle: Unary<Request, Response>): grpc.handleUnaryCall<Request, Response> =>
  (call, answer) => {
    const gone = new AbortController();
    call.on("cancelled", () => gone.abort());
    Promise.resolve()
      .then(() => handle(call.request, call.getPeer(), gone.signal))
      .then(
        (response) => answer(null, response),
        (error: unknown) => answer(error instanceof RpcError ? error : rpcErrorOf(error), null),
      );
  };

const rpcErrorOf = (error: unknown): RpcError =>
  new RpcError(error instanceof Error ? error.message : String(error));

/** What all methods share. */
interface Parts {
  readonly options: ProviderOptions;
  readonly connections: Connections;
  readonly clients: RegionalClients;
}

type ScopeOf = (
  peer: string,
  gone: AbortSignal,
  properties: PropertyMap,
  timeoutSeconds: number,
) => Scope;

const scopesOf =
  ({ options, connections, clients }: Parts): ScopeOf =>
  (peer, gone, properties, timeoutSeconds) => {
    const connection = connections.of(peer);
    const region = regionOf(connection, properties);
    return {
      region,
      accountId: connection.accountId,
      aws: clients.of(region),
      dials: options.dials,
      programFolder: connections.programFolderOf(peer),
      inertCall: options.inertCall,
      rolePolicies: options.rolePolicies,
      requestTimeoutMilliseconds: requestTimeoutOf(options),
      signal: AbortSignal.any([gone, connections.signalOf(peer)]),
      timeoutSeconds,
      deadline: Date.now() + timeoutSeconds * 1000,
    };
  };

const nothing = new emptyMessages.Empty();

const configurationMethods = ({ connections, clients }: Parts) => ({
  handshake: unary((request: messages.ProviderHandshakeRequest, peer) =>
    handshake(request, peer, connections),
  ),
  getPluginInfo: unary(pluginInfo),
  attach: unary(attach),
  checkConfig: unary(checkConfig),
  diffConfig: unary(diffConfig),
  configure: unary((request: messages.ConfigureRequest, peer) =>
    configure(request, peer, { connections, clients }),
  ),
  cancel: unary((_request: emptyMessages.Empty, peer) => {
    connections.cancel(peer);
    return nothing;
  }),
});

const resourceMethods = ({ connections }: Parts, scopeOf: ScopeOf) => {
  const handlerOf = handlerRegistry();
  const rpcsOf = (peer: string, gone: AbortSignal): ResourceRpcs => ({
    connection: connections.of(peer),
    handlerOf,
    scopeOf: (properties, timeoutSeconds, defaultSeconds) =>
      scopeOf(peer, gone, properties, timeoutSeconds || (defaultSeconds ?? usualSeconds)),
  });
  const resource = <Request, Response>(
    handle: (request: Request, rpcs: ResourceRpcs) => Promise<Response>,
  ) => unary((request: Request, peer, gone) => handle(request, rpcsOf(peer, gone)));
  return {
    check: unary((request: messages.CheckRequest, peer) =>
      checkResource(request, connections.of(peer)),
    ),
    diff: unary(diffResource),
    create: resource(createResource),
    read: resource(readResource),
    update: resource(updateResource),
    delete: resource(deleteResource),
  };
};

const invokeMethod = (scopeOf: ScopeOf) => ({
  invoke: unary(async (request: messages.InvokeRequest, peer, gone) => {
    const args = mapOf(request.getArgs());
    const scope = scopeOf(peer, gone, args, usualSeconds);
    const response = new messages.InvokeResponse();
    response.setReturn(structOf(await invokeFunction(request.getTok(), args, scope)));
    return response;
  }),
});

const listen = (server: grpc.Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });

/**
 * The stand-in for the `aws` Pulumi provider: one process for any number of engines, stacks and provider resources at the
 * same time. It makes the real one's AWS calls against `endpoint`.
 */
export const startProvider = async (options: ProviderOptions): Promise<Provider> => {
  const clients = new RegionalClients(options.endpoint, requestTimeoutOf(options));
  const connections = new Connections();
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  const parts = { options, connections, clients };
  const scopeOf = scopesOf(parts);
  server.addService(services.ResourceProviderService, {
    ...configurationMethods(parts),
    ...resourceMethods(parts, scopeOf),
    ...invokeMethod(scopeOf),
  });
  const port = await listen(server);
  return {
    port,
    close: async () => {
      connections.cancelAll();
      server.forceShutdown();
      clients.close();
    },
  };
};
