import { type SpanContext, TraceFlags } from "@opentelemetry/api";

const header = /^Root=1-([0-9a-f]{8})-([0-9a-f]{24});Parent=([0-9a-f]{16});Sampled=1(;|$)/;

/** The segment that Lambda has begun for an invocation, by X-Ray's header; undefined when this invocation is not traced. */
export function traceParent(xRayHeader = ""): SpanContext | undefined {
  const [, time, rest, spanId] = header.exec(xRayHeader) ?? [];
  if (!(time && rest && spanId)) return undefined;
  return { traceId: `${time}${rest}`, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}
