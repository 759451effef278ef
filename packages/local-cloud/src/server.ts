import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { accountId, principalArnOf } from "./account.ts";
import {
  type Admission,
  type AttemptedCall,
  Gate,
  type GateOptions,
  serviceUnavailable,
} from "./gate.ts";
import { accessRefusal } from "./iam/access-control.ts";
import { type FindSecret, neededPermissions } from "./iam/needed-permissions.ts";
import { RolePolicies } from "./iam/role-policies.ts";
import { KnownPasswords } from "./known-passwords.ts";
import type { ServiceName } from "./outages.ts";
import type { Call } from "./request-log.ts";
import { AwsError, type CallContext, type Service } from "./service.ts";
import { type CredentialScope, readCredentialScope } from "./wire/credential-scope.ts";
import { functionUrlOf } from "./wire/function-url.ts";
import { type HttpAnswer, type HttpRequest, readRequest } from "./wire/http-request.ts";
import { missingMember } from "./wire/protocol.ts";
import { type AddressedService, serviceOf, serviceOfUnsigned } from "./wire/service-of.ts";

export interface Endpoint {
  /** `http://127.0.0.1:<port>`, for every service and Region. */
  readonly url: string;
  /** Ends every open request at once, those of lost Regions that hang too. */
  close(): Promise<void>;
}

export interface EndpointOptions extends GateOptions {
  readonly services: readonly Service[];
  /** What the roles of functions may do. Default: nobody's rights are looked at. */
  readonly rolePolicies?: RolePolicies;
  /** Learns every password that passes. */
  readonly passwords?: KnownPasswords;
  /** Permissions name a secret, and its key, as it is. */
  readonly findSecret?: FindSecret;
}

/** A request whose sender, service and operation are known. */
interface AddressedCall extends AttemptedCall {
  readonly to: AddressedService;
  readonly request: HttpRequest;
  /** Why the signature is refused. */
  readonly refusal: AwsError | undefined;
}

const headerSeconds = 10;
const requestSeconds = 60;

function readScope(request: HttpRequest): CredentialScope | AwsError {
  try {
    return readCredentialScope(request);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

const unknownKey = (format: string | undefined): AwsError =>
  format === "json" || format === "rest-json"
    ? new AwsError(
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        format === "json" ? 400 : 403,
      )
    : new AwsError(
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
        403,
      );

/** A function's address takes signatures for Lambda alone, and says the same of every other. */
function readUrlScope(request: HttpRequest): CredentialScope | AwsError {
  const scope = readScope(request);
  const isFor = !(scope instanceof AwsError) && scope.signingName === "lambda";
  return isFor && principalArnOf(scope.accessKeyId) !== undefined
    ? scope
    : new AwsError("AccessDeniedException", "Forbidden", 403);
}

function address(request: HttpRequest): AddressedCall {
  const url = functionUrlOf(request);
  const scope = url ? readUrlScope(request) : readScope(request);
  const isRefused = scope instanceof AwsError;
  const to =
    url ?? (isRefused ? serviceOfUnsigned(request) : serviceOf(scope.signingName, request));
  const principal = isRefused ? undefined : principalArnOf(scope.accessKeyId);
  const name = to.protocol.operationName(
    to.model ?? {
      service: to.name,
      title: to.title,
      format: "json",
      marker: "",
      operations: new Map(),
    },
    request,
  );
  return {
    to,
    request,
    region: isRefused ? "unknown" : scope.region,
    service: to.name,
    operation: to.name === "other" ? `${to.title}.${name}` : name,
    principal: principal ?? "unknown",
    refusal: isRefused ? scope : principal === undefined ? unknownKey(to.model?.format) : undefined,
  };
}

const notModelled = (call: AddressedCall): AwsError => {
  const operation =
    call.service === "other" ? call.operation : `${call.to.title}.${call.operation}`;
  return new AwsError("NotModelled", `NotModelled: ${operation}`, 501);
};

/** RDS and STS say which parameter is missing in words of their own. */
const missingParameter = (format: string, name: string): AwsError =>
  format === "query"
    ? new AwsError("MissingParameter", `The request must contain the parameter ${name}.`)
    : new AwsError(
        "ValidationException",
        `1 validation error detected: Value null at '${name[0]?.toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
      );

/** What stands behind the endpoint. */
interface Backstage {
  readonly services: ReadonlyMap<ServiceName, Service>;
  readonly rolePolicies: RolePolicies;
  readonly passwords: KnownPasswords;
  readonly findSecret: FindSecret;
}

async function perform(
  call: AddressedCall,
  { services, rolePolicies, passwords, findSecret }: Backstage,
  entry: Call,
  requestId: string,
): Promise<HttpAnswer> {
  const { model, protocol } = call.to;
  if (call.refusal) throw call.refusal;
  const operation = model?.operations.get(call.operation);
  const run = services.get(call.service)?.operations[call.operation];
  if (!model || !operation || !run) throw notModelled(call);
  const parameters = protocol.decode(operation, call.request);
  const missing = missingMember(parameters, operation.input);
  if (missing !== undefined) throw missingParameter(model.format, missing);
  passwords.learn(parameters);
  entry.permissions = neededPermissions(call, parameters, findSecret);
  const refusal = accessRefusal(rolePolicies, call.principal, entry.permissions, model.format);
  if (refusal) throw refusal;
  const context: CallContext = { region: call.region, accountId, principal: call.principal };
  const answer = await run(parameters, context);
  passwords.learn(answer);
  return protocol.encode(model, operation, answer, requestId);
}

const asAwsError = (error: unknown): AwsError =>
  error instanceof AwsError
    ? error
    : new AwsError(
        "InternalFailure",
        `The local cloud failed: ${error instanceof Error ? error.message : String(error)}`,
        500,
      );

function send(response: ServerResponse, answer: HttpAnswer): void {
  if (response.destroyed) return;
  const body = typeof answer.body === "string" ? Buffer.from(answer.body) : answer.body;
  response.writeHead(answer.status, { ...answer.headers, "content-length": body.length });
  response.end(body);
}

/** The answer, or nothing when the outage leaves the caller without one. */
async function outcomeOf(
  call: AddressedCall,
  { entry, loss, refusal, answerIsLost }: Admission,
  gate: Gate,
  backstage: Backstage,
): Promise<HttpAnswer | "hang" | "refuse"> {
  const requestId = randomUUID();
  const fail = (error: AwsError): HttpAnswer => {
    entry.status = error.status;
    entry.errorCode = error.code;
    return call.to.protocol.encodeError(call.to.model, error, requestId);
  };
  if (loss !== undefined) return loss === "5xx" ? fail(serviceUnavailable()) : loss;
  if (refusal) return fail(refusal);
  let answer: HttpAnswer | AwsError;
  try {
    answer = await perform(call, backstage, entry, requestId);
  } catch (error) {
    answer = asAwsError(error);
  }
  const lost = gate.lossOf(call);
  if (lost !== undefined) return lost === "5xx" ? fail(serviceUnavailable()) : lost;
  if (answer instanceof AwsError) return fail(answer);
  if (answerIsLost) return "refuse";
  entry.status = answer.status;
  return answer;
}

async function handle(
  message: IncomingMessage,
  response: ServerResponse,
  gate: Gate,
  backstage: Backstage,
): Promise<void> {
  const call = address(await readRequest(message));
  const outcome = await outcomeOf(call, gate.admit(call), gate, backstage);
  if (outcome === "refuse") message.socket.destroy();
  else if (outcome !== "hang") send(response, outcome);
}

/** One HTTP server for all services and Regions: the signature's credential scope tells them apart. */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const gate = new Gate(options);
  const backstage: Backstage = {
    services: new Map(options.services.map((service) => [service.name, service])),
    rolePolicies: options.rolePolicies ?? new RolePolicies(),
    passwords: options.passwords ?? new KnownPasswords(),
    findSecret: options.findSecret ?? (() => undefined),
  };
  const server = createServer(
    {
      headersTimeout: headerSeconds * 1000,
      requestTimeout: requestSeconds * 1000,
      // Longer than clients keep idle connections: none of them meets one that is just being closed.
      keepAliveTimeout: 65_000,
      maxHeaderSize: 32 * 1024,
    },
    (message, response) => {
      handle(message, response, gate, backstage).catch((error: unknown) => {
        const { status, message: text } = asAwsError(error);
        send(response, { status, headers: { connection: "close" }, body: text });
      });
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
