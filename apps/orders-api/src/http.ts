import { AccessError } from "@standby/secret-access";
import { unavailabilityOf } from "./database.ts";
import { inRequestSpan } from "./traces.ts";

/** A request, whoever received it. */
export interface Request {
  readonly id: string;
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** A request that has found its route. */
export interface Call extends Request {
  /** What stands at `{name}` in the route's path, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: "GET" | "POST";
  /** `/orders/{id}` */
  readonly path: string;
  answer(call: Call): Promise<Reply>;
}

/** The caller is at fault: the message says what to change, and nothing was written. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reply: Reply;

  constructor(status: number, error: string, message: string, headers: Reply["headers"] = {}) {
    super(message);
    this.reply = { status, body: { error, message }, headers };
  }
}

export const maximumBodyBytes = 16 * 1024;

export interface Service {
  readonly name: string;
  readonly region: string;
  /** Asked at each request, so that a configuration that is wrong is answered, and mended without a new process. */
  readonly routes: () => readonly Route[];
}

/** The service behind any adapter: each request is answered and makes one line in the log. */
export function createService(service: Service): (request: Request) => Promise<Reply> {
  const { name, region } = service;
  let coldStart = true;
  const reply = async (request: Request, tell: (route: string, status: number) => void) => {
    const started = performance.now();
    const found: { route?: Route } = {};
    let answered: Reply;
    let error: unknown;
    try {
      answered = await answer(request, service.routes(), found);
    } catch (failure) {
      error = failure;
      answered = failureReply(failure);
    }
    const { method, path = "none" } = found.route ?? {};
    const route = method ? `${method} ${path}` : path;
    tell(route, answered.status);
    logRequest({
      service: name,
      region,
      requestId: request.id,
      route,
      status: answered.status,
      milliseconds: performance.now() - started,
      coldStart,
      error: answered.status >= 500 ? error : undefined,
      code: "error" in answered.body ? String(answered.body.error) : undefined,
    });
    coldStart = false;
    const headers = { ...answered.headers, "x-request-id": request.id, "x-region": region };
    return { ...answered, headers };
  };
  return (request) => inRequestSpan(request.method, (tell) => reply(request, tell));
}

/** `found` tells the log which route it was, after a failure too. */
async function answer(
  request: Request,
  routes: readonly Route[],
  found: { route?: Route },
): Promise<Reply> {
  const here = routes.flatMap((route) => {
    const parameters = match(route.path, request.path);
    return parameters ? [{ route, parameters }] : [];
  });
  if (here.length === 0)
    throw new Refusal(404, "not-found", `path: use ${paths(routes).join(", ")}`);
  const chosen = here.find(({ route }) => route.method === request.method.toUpperCase());
  if (!chosen) {
    const allow = here.map(({ route }) => route.method).join(", ");
    throw new Refusal(405, "method-not-allowed", `method: use ${allow}`, { allow });
  }
  found.route = chosen.route;
  return chosen.route.answer({ ...request, parameters: chosen.parameters });
}

const paths = (routes: readonly Route[]): readonly string[] => [
  ...new Set(routes.map(({ path }) => path)),
];

const segments = (path: string): readonly string[] => path.split("/").filter(Boolean);

/** @throws Refusal for a path that cannot be decoded. */
function match(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = segments(template);
  const given = segments(path);
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const text = decode(given[index] ?? "");
    if (segment.startsWith("{")) parameters[segment.slice(1, -1)] = text;
    else if (segment !== text) return undefined;
  }
  return parameters;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal(400, "bad-request", "path: is not valid");
  }
}

const advice: Readonly<Record<string, string>> = {
  "outcome-unknown":
    "the write may or may not have been applied: send it again with the same Idempotency-Key",
  "database-read-only": "the database does not take writes now: nothing was written, try again",
  "database-unreachable": "the database cannot be reached now: nothing was written, try again",
  "database-busy": "the database has no room now: nothing was written, try again",
};

/** Callers get the code and what to do, the log gets the error. */
function failureReply(error: unknown): Reply {
  if (error instanceof Refusal) return error.reply;
  const code = unavailabilityOf(error);
  if (code === undefined)
    return { status: 500, body: { error: "internal", message: "the request failed: see the log" } };
  return {
    status: 503,
    headers: { "retry-after": "1" },
    body: { error: code, message: advice[code] ?? "the database cannot be used now: try again" },
  };
}

interface RequestFacts {
  readonly service: string;
  readonly region: string;
  readonly requestId: string;
  /** Method and template, `GET /orders/{id}`: what callers write into a path stays out. */
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
  /** The first request of the process. */
  readonly coldStart: boolean;
  readonly code: string | undefined;
  readonly error: unknown;
}

/**
 * One line of JSON for each request, which is both the log and the metrics: CloudWatch makes metrics of what `_aws` names (embedded
 * metric format), with no call and no agent.
 */
function logRequest(facts: RequestFacts): void {
  const { service, region, route, status, error, ...rest } = facts;
  const line = {
    time: new Date().toISOString(),
    level: status >= 500 ? "error" : "info",
    message: "request",
    ...rest,
    status,
    milliseconds: Math.round(facts.milliseconds * 10) / 10,
    Region: region,
    Route: route,
    Latency: facts.milliseconds,
    Faults: status >= 500 ? 1 : 0,
    ...(error === undefined ? {} : { error: describeError(error) }),
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: service,
          Dimensions: [["Region"], ["Region", "Route"]],
          Metrics: [
            { Name: "Latency", Unit: "Milliseconds" },
            { Name: "Faults", Unit: "Count" },
          ],
        },
      ],
    },
  };
  // Not console.log: Lambda would write its own words before the JSON.
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/**
 * What of an error may be printed. Messages of the library hold no values; those of the driver and of JavaScript quote statements and
 * data ("Duplicate entry 'Ada' for key …"), so of them the numbers and the places in the code remain.
 */
function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code, errno, sqlState } = error as Readonly<Partial<Record<string, unknown>>> & Error;
  const own = error instanceof AccessError;
  return {
    name: error.name,
    ...(own ? { message: error.message } : { at: frames(error) }),
    code,
    errno,
    sqlState,
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  };
}

const frames = ({ stack = "" }: Error): readonly string[] =>
  stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 5)
    .map((line) => line.trim());
