import { createSocket, type Socket } from "node:dgram";
import { context, type HrTime, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";

let provider: BasicTracerProvider | undefined;

/**
 * Every span from now on goes to the X-Ray daemon that Lambda runs beside the function: by UDP on the function's own machine, so that a VPC
 * without a way to the internet needs no endpoint for it. A provider that is there already, such as an OpenTelemetry layer's, is left alone.
 * Returns a wait for what has ended so far to be sent; a second call changes nothing.
 */
export function exportTraces(daemon: string): () => Promise<void> {
  provider ??= begin(daemon);
  const begun = provider;
  return () => begun.forceFlush();
}

function begin(daemon: string): BasicTracerProvider {
  const exporter = new DaemonExporter(daemon);
  const begun = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  if (trace.setGlobalTracerProvider(begun))
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return begun;
}

class DaemonExporter implements SpanExporter {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #port: number;

  constructor(daemon: string) {
    const [host = "", port] = daemon.split(":");
    this.#host = host;
    this.#port = Number(port);
    this.#socket = createSocket("udp4").unref();
    this.#socket.on("error", () => {});
  }

  export(spans: ReadableSpan[], done: Parameters<SpanExporter["export"]>[1]): void {
    void Promise.all(spans.map((span) => this.#send(span))).then(() => done({ code: 0 }));
  }

  /** Whether it arrives is not asked: a trace that is lost is no reason to fail a request. */
  #send(span: ReadableSpan): Promise<void> {
    const document = `{"format":"json","version":1}\n${JSON.stringify(subsegment(span))}`;
    return new Promise((resolve) => {
      this.#socket.send(document, this.#port, this.#host, () => resolve());
    });
  }

  async shutdown(): Promise<void> {
    this.#socket.close();
  }
}

const secondsOf = ([seconds, nanoseconds]: HrTime): number => seconds + nanoseconds / 1e9;

/** A span as X-Ray takes it: its ids are OpenTelemetry's, written otherwise. Names there have no braces. */
const subsegment = (span: ReadableSpan): object => {
  const { traceId, spanId } = span.spanContext();
  return {
    type: "subsegment",
    name: span.name.replaceAll(/[{}]/g, ""),
    id: spanId,
    trace_id: `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`,
    parent_id: span.parentSpanContext?.spanId,
    start_time: secondsOf(span.startTime),
    end_time: secondsOf(span.endTime),
    fault: span.status.code === SpanStatusCode.ERROR,
    ...(span.kind === SpanKind.CLIENT && { namespace: "remote" }),
    metadata: { default: span.attributes },
  };
};
