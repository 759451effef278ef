import type { ProbeRequest } from "@standby/topology";
import * as z from "zod";
import { NotAllowedError } from "./failures.ts";

const address = z.string().min(1).max(253);
/** Longer sets than any pair of servers has, and far from the limit of a request. */
const transactions = z.string().max(1_000_000);
const event = z.strictObject({ schema: z.string().min(1), name: z.string().min(1) });

const schema = z.discriminatedUnion("ask", [
  z.strictObject({ ask: z.literal("secret") }),
  z.strictObject({ ask: z.literal("resolve"), host: z.string().min(1).max(253) }),
  z.strictObject({ ask: z.literal("database"), address }),
  z.strictObject({ ask: z.literal("canary"), address }),
  z.strictObject({
    ask: z.literal("wait-for-transactions"),
    address,
    transactions,
    timeoutSeconds: z.number().min(0).max(900),
  }),
  z.strictObject({
    ask: z.literal("diverged-writes"),
    address,
    known: transactions,
    maximumRows: z.int().min(1).max(1_000_000),
  }),
  z.strictObject({
    ask: z.literal("enable-events"),
    address,
    events: z.array(event).max(10_000),
  }),
  z.strictObject({ ask: z.literal("heartbeat") }),
]);

/** @throws NotAllowedError that names what is wrong, without its value. */
export function readRequest(event: unknown): ProbeRequest {
  const result = schema.safeParse(event);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.join(".") || "request"}: ${message}`,
  );
  throw new NotAllowedError(`this is no request to the probe: ${problems.join("; ")}`);
}
