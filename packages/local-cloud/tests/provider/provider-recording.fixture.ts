import { readFileSync } from "node:fs";
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { isMap, type PropertyMap, structOf } from "../../src/provider/property-values.ts";

type Method =
  | "Check"
  | "CheckConfig"
  | "Configure"
  | "Create"
  | "Diff"
  | "DiffConfig"
  | "Read"
  | "Update";
type Phase =
  | "first up of prod-east"
  | "first up of prod-west"
  | "second up of prod-west"
  | "failover"
  | "refresh";

/** A request that the engine sent to a provider while it worked on this project; passwords are replaced. */
export interface Recorded {
  readonly phase: Phase;
  readonly method: Method;
  readonly request: PropertyMap;
}

const recording = JSON.parse(
  readFileSync(new URL("./provider-recording.fixture.json", import.meta.url), "utf8"),
) as readonly Recorded[];

export const typeOf = ({ request }: Recorded): string => String(request["type"]);

export const recorded = (phase: Phase, method: Method): readonly Recorded[] =>
  recording.filter((each) => each.phase === phase && each.method === method);

/** The one request of its kind for a type of resource. */
export function recordedFor(phase: Phase, method: Method, type: string): Recorded {
  const found = recorded(phase, method).find((each) => typeOf(each) === type);
  if (!found) throw new Error(`No ${method} of ${type} was recorded in the ${phase}.`);
  return found;
}

const requestTypes = {
  Check: messages.CheckRequest,
  CheckConfig: messages.CheckRequest,
  Configure: messages.ConfigureRequest,
  Create: messages.CreateRequest,
  Diff: messages.DiffRequest,
  DiffConfig: messages.DiffRequest,
  Read: messages.ReadRequest,
  Update: messages.UpdateRequest,
};

interface Answer {
  getProperties?(): Struct | undefined;
  getInputs?(): Struct | undefined;
  toObject(): object;
}

/** The fields' setters by lower-case name: protobuf's JavaScript spells the rest of a name in two ways. */
function settersOf(message: object): ReadonlyMap<string, (value: unknown) => void> {
  const prototype: unknown = Object.getPrototypeOf(message);
  const members = Object.getOwnPropertyNames(prototype).filter((name) => name.startsWith("set"));
  const functions = message as Readonly<Record<string, (value: unknown) => void>>;
  return new Map(
    members.map((name) => [
      name.slice(3).toLowerCase(),
      (value: unknown) => functions[name]?.call(message, value),
    ]),
  );
}

/** Maps have no setter: this one is the old form of the configuration. */
const unread = "variables";

/** The message that the recorded JSON is the text of: protobuf's JavaScript does not read JSON. */
function messageOf({ method, request }: Recorded): object {
  const message = new requestTypes[method]();
  const setters = settersOf(message);
  for (const [name, value] of Object.entries(request)) {
    if (name === unread) continue;
    const set = setters.get(name.toLowerCase());
    if (!set) throw new Error(`${method} has no field ${name}.`);
    set(isMap(value) ? structOf(value) : value);
  }
  return message;
}

/** Sends recorded requests to a provider as they are. */
export class Replay {
  readonly #client: InstanceType<typeof services.ResourceProviderClient>;

  constructor(port: number) {
    this.#client = new services.ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
      { "grpc.use_local_subchannel_pool": 1 },
    );
  }

  /** The answer's fields, and its properties and inputs as they are on the wire. */
  async send(what: Recorded) {
    const name = `${what.method[0]?.toLowerCase()}${what.method.slice(1)}` as "check";
    const answer = await new Promise<Answer>((resolve, reject) => {
      const request = messageOf(what) as messages.CheckRequest;
      this.#client[name](request, (error, response) =>
        error ? reject(new Error(error.details)) : resolve(response),
      );
    });
    const fields = answer.toObject() as Readonly<Record<string, unknown>>;
    return {
      fields,
      inputs: answer.getInputs?.()?.toJavaScript() as PropertyMap | undefined,
      properties: answer.getProperties?.()?.toJavaScript() as PropertyMap | undefined,
    };
  }

  close(): void {
    this.#client.close();
  }
}
