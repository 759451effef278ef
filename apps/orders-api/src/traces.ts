import { tracingChannel } from "node:diagnostics_channel";
import {
  type Attributes,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import type { SecretsClient } from "@standby/secret-access";

/** Without a provider behind the API a span costs next to nothing and goes nowhere: `trace-export.ts` is one, an OpenTelemetry layer is another. */
const tracer = () => trace.getTracer("orders-api");

interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
}

/** Messages of errors may hold what a caller sent: only their codes are told. */
function fail(span: Span, error: unknown): void {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  span.setAttribute("error.type", String(code ?? name ?? "error"));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

async function inSpan<T>(
  { name, kind, attributes }: SpanStart,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = tracer().startSpan(name, { kind, attributes });
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span));
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** The span of a request. `tell` names its route and status when they are known: what callers write into a path stays out. */
export const inRequestSpan = <T>(
  method: string,
  work: (tell: (route: string, status: number) => void) => Promise<T>,
): Promise<T> =>
  inSpan(
    { name: method, kind: SpanKind.SERVER, attributes: { "http.request.method": method } },
    (span) =>
      work((route, status) => {
        span.updateName(route);
        span.setAttributes({ "http.route": route, "http.response.status_code": status });
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      }),
  );

/** A client whose reads of a secret are spans that say where one was read, never what is in it. */
export function traceSecretReads(client: SecretsClient, region: string): SecretsClient {
  const send = (...call: Parameters<SecretsClient["send"]>) =>
    inSpan(
      {
        name: "SecretsManager GetSecretValue",
        kind: SpanKind.CLIENT,
        attributes: {
          "rpc.system": "aws-api",
          "rpc.service": "SecretsManager",
          "rpc.method": "GetSecretValue",
          "cloud.region": region,
        },
      },
      async () => client.send(...call),
    );
  // The client's own type tells each command's answer apart, which one function for all of them cannot.
  return { send: send as unknown as SecretsClient["send"], destroy: () => client.destroy() };
}

/** What mysql2 says of a statement. Its text and values are left where they are. */
interface Statement {
  readonly query: string;
  readonly database: string;
  readonly error?: unknown;
}

const operationOf = (query: string): string =>
  /^\s*([a-z]+)/i.exec(query)?.[1]?.toUpperCase() ?? "QUERY";

/** Every statement of this process that is asked within a request becomes a span. Called once. */
export function traceQueries(): void {
  const spans = new WeakMap<Statement, Span>();
  const handlers = {
    start(statement: Statement) {
      // The pool asks its idle connections on its own: those are nobody's request.
      if (!trace.getActiveSpan()) return;
      const operation = operationOf(statement.query);
      const attributes = {
        "db.system.name": "mysql",
        "db.namespace": statement.database,
        "db.operation.name": operation,
      };
      spans.set(
        statement,
        tracer().startSpan(`mysql ${operation}`, { kind: SpanKind.CLIENT, attributes }),
      );
    },
    error(statement: Statement) {
      const span = spans.get(statement);
      if (span) fail(span, statement.error);
    },
    asyncStart(statement: Statement) {
      spans.get(statement)?.end();
    },
    end() {},
    asyncEnd() {},
  };
  for (const channel of ["mysql2:query", "mysql2:execute"])
    tracingChannel<string, Statement>(channel).subscribe(handlers);
}
