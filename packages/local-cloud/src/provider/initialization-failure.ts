import grpc from "@grpc/grpc-js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import anyMessages from "google-protobuf/google/protobuf/any_pb.js";
import { type PropertyMap, structOf } from "./property-values.ts";

export interface HalfDone {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly inputs: PropertyMap;
  readonly reason: string;
}

/** A refusal that gRPC carries as it is. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code = grpc.status.UNKNOWN;
  readonly details: string;
  readonly metadata: grpc.Metadata;

  constructor(details: string, metadata = new grpc.Metadata()) {
    super(details);
    this.details = details;
    this.metadata = metadata;
  }
}

/** A resource that exists but did not come out as planned: the engine keeps it in the state with the reason. */
export const initializationFailure = ({ id, properties, inputs, reason }: HalfDone): RpcError => {
  const detail = new providerMessages.ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(structOf(properties));
  detail.setInputs(structOf(inputs));
  detail.setReasonsList([reason]);
  const packed = new anyMessages.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statusMessages.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(reason);
  status.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return new RpcError(reason, metadata);
};
