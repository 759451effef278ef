import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { type PropertyMap, structOf } from "../../src/provider/property-values.ts";

const plain = (struct: Struct | undefined): PropertyMap =>
  (struct?.toJavaScript() ?? {}) as PropertyMap;

const urnOf = (type: string, name = "it"): string =>
  `urn:pulumi:prod-west::standby::${type}::${name}`;

/** A resource whose operation failed half way, as the engine would record it. */
export interface HalfDone {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly reasons: readonly string[];
}

export class RpcFailure extends Error {
  readonly halfDone: HalfDone | undefined;

  constructor(message: string, halfDone: HalfDone | undefined) {
    super(message);
    this.halfDone = halfDone;
  }
}

const halfDoneOf = (error: grpc.ServiceError): HalfDone | undefined => {
  const [packed] = error.metadata.get("grpc-status-details-bin");
  if (!(packed instanceof Buffer)) return undefined;
  const [detail] = statusMessages.Status.deserializeBinary(packed).getDetailsList();
  if (!detail) return undefined;
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return {
    id: failed.getId(),
    properties: plain(failed.getProperties()),
    reasons: failed.getReasonsList(),
  };
};

type Call<Request, Response> = (
  request: Request,
  answer: (error: grpc.ServiceError | null, response: Response) => void,
) => unknown;

const promised = <Request, Response>(
  call: Call<Request, Response>,
  request: Request,
): Promise<Response> =>
  new Promise((resolve, reject) => {
    call(request, (error, response) =>
      error ? reject(new RpcFailure(error.details, halfDoneOf(error))) : resolve(response),
    );
  });

export interface Made {
  readonly id: string;
  readonly outputs: PropertyMap;
  readonly inputs: PropertyMap;
}

/** One provider resource of one engine: a connection of its own, configured for a Region. */
export class ProviderClient {
  readonly #client: InstanceType<typeof services.ResourceProviderClient>;

  constructor(port: number) {
    this.#client = new services.ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
      // Without this, channels to one address share a connection, which no two engines do.
      { "grpc.use_local_subchannel_pool": 1 },
    );
  }

  /** As the engine does on a new connection: who it is, and where the plugin's files are. */
  async handshake(engineAddress: string, pluginFolder: string): Promise<void> {
    const request = new messages.ProviderHandshakeRequest();
    request.setEngineAddress(engineAddress);
    request.setRootDirectory(pluginFolder);
    await promised<messages.ProviderHandshakeRequest, unknown>(
      this.#client.handshake.bind(this.#client),
      request,
    );
  }

  async configure(config: PropertyMap): Promise<messages.ConfigureResponse> {
    const request = new messages.ConfigureRequest();
    request.setArgs(structOf(config));
    return promised(this.#client.configure.bind(this.#client), request);
  }

  async check(type: string, inputs: PropertyMap, oldInputs?: PropertyMap, name?: string) {
    const request = new messages.CheckRequest();
    request.setUrn(urnOf(type, name));
    request.setNews(structOf(inputs));
    if (oldInputs) request.setOlds(structOf(oldInputs));
    request.setRandomseed(Buffer.from("a seed of the engine"));
    const response = await promised<messages.CheckRequest, messages.CheckResponse>(
      this.#client.check.bind(this.#client),
      request,
    );
    return {
      inputs: plain(response.getInputs()),
      failures: response.getFailuresList().map((failure) => failure.getReason()),
    };
  }

  async diff(type: string, made: Made, inputs: PropertyMap, ignoreChanges: string[] = []) {
    const request = new messages.DiffRequest();
    request.setId(made.id);
    request.setUrn(urnOf(type));
    request.setOlds(structOf(made.outputs));
    request.setOldInputs(structOf(made.inputs));
    request.setNews(structOf(inputs));
    request.setIgnorechangesList(ignoreChanges);
    const response = await promised<messages.DiffRequest, messages.DiffResponse>(
      this.#client.diff.bind(this.#client),
      request,
    );
    return response.toObject();
  }

  async create(
    type: string,
    inputs: PropertyMap,
    options: { preview?: boolean; timeoutSeconds?: number } = {},
  ): Promise<Made> {
    const request = new messages.CreateRequest();
    request.setUrn(urnOf(type));
    request.setProperties(structOf(inputs));
    request.setPreview(options.preview ?? false);
    request.setTimeout(options.timeoutSeconds ?? 0);
    const response = await promised<messages.CreateRequest, messages.CreateResponse>(
      this.#client.create.bind(this.#client),
      request,
    );
    return { id: response.getId(), outputs: plain(response.getProperties()), inputs };
  }

  /** A creation whose caller goes away, as an engine that is killed does. */
  startCreation(type: string, inputs: PropertyMap): { abandon(): void } {
    const request = new messages.CreateRequest();
    request.setUrn(urnOf(type));
    request.setProperties(structOf(inputs));
    const call = this.#client.create(request, () => {});
    return { abandon: () => call.cancel() };
  }

  /** Check, then Create, as an `up` does. */
  async make(type: string, inputs: PropertyMap, timeoutSeconds = 0): Promise<Made> {
    const checked = await this.check(type, inputs);
    if (checked.failures.length > 0) throw new Error(checked.failures.join("\n"));
    return this.create(type, checked.inputs, { timeoutSeconds });
  }

  async update(
    type: string,
    made: Made,
    inputs: PropertyMap,
    options: { preview?: boolean; timeoutSeconds?: number } = {},
  ): Promise<Made> {
    const request = new messages.UpdateRequest();
    request.setId(made.id);
    request.setUrn(urnOf(type));
    request.setOlds(structOf(made.outputs));
    request.setOldInputs(structOf(made.inputs));
    request.setNews(structOf(inputs));
    request.setPreview(options.preview ?? false);
    request.setTimeout(options.timeoutSeconds ?? 0);
    const response = await promised<messages.UpdateRequest, messages.UpdateResponse>(
      this.#client.update.bind(this.#client),
      request,
    );
    return { id: made.id, outputs: plain(response.getProperties()), inputs };
  }

  /** A refresh; with nothing but an id, an import. Undefined: gone. */
  async read(type: string, made: { id: string } & Partial<Made>): Promise<Made | undefined> {
    const request = new messages.ReadRequest();
    request.setId(made.id);
    request.setUrn(urnOf(type));
    if (made.outputs) request.setProperties(structOf(made.outputs));
    if (made.inputs) request.setInputs(structOf(made.inputs));
    const response = await promised<messages.ReadRequest, messages.ReadResponse>(
      this.#client.read.bind(this.#client),
      request,
    );
    if (response.getId() === "") return undefined;
    return {
      id: response.getId(),
      outputs: plain(response.getProperties()),
      inputs: plain(response.getInputs()),
    };
  }

  async delete(type: string, made: Made): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(made.id);
    request.setUrn(urnOf(type));
    request.setProperties(structOf(made.outputs));
    await promised<messages.DeleteRequest, unknown>(
      this.#client.delete.bind(this.#client),
      request,
    );
  }

  async invoke(token: string, args: PropertyMap): Promise<PropertyMap> {
    const request = new messages.InvokeRequest();
    request.setTok(token);
    request.setArgs(structOf(args));
    const response = await promised<messages.InvokeRequest, messages.InvokeResponse>(
      this.#client.invoke.bind(this.#client),
      request,
    );
    return plain(response.getReturn());
  }

  async cancel(): Promise<void> {
    await promised(this.#client.cancel.bind(this.#client), new emptyMessages.Empty());
  }

  close(): void {
    this.#client.close();
  }
}

export const failureOf = async (call: Promise<unknown>): Promise<RpcFailure> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof RpcFailure) return error;
    throw error;
  }
  throw new Error("The call was answered.");
};
