import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startHearing } from "../src/hearing.ts";
import { look } from "../src/seen.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const signal = new AbortController().signal;
const forever = () => new Promise<never>(() => {});
const refused = async () => {
  throw Object.assign(new Error("no"), { name: "X", $metadata: { httpStatusCode: 503 } });
};

function silentRegion(deadlineSeconds = 3) {
  const hearing = startHearing(signal, deadlineSeconds);
  const dark = hearing.in("us-east-1");
  const seen = Promise.all(["RDS", "STS"].map((service) => look(service, dark, forever)));
  return { hearing, dark, seen };
}

it("gives a silent Region up 1.5 s after something else was heard, and says so", async () => {
  const { hearing, dark, seen } = silentRegion();
  await look("RDS", hearing.in("us-west-2"), async () => 1);
  await vi.advanceTimersByTimeAsync(1_400);
  expect(dark.deadline.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect((await seen)[0]).toMatchObject({
    problem: { kind: "unreachable", message: "RDS: no answer within 1.5 s" },
  });
  expect(hearing.in("us-west-2").deadline.aborted).toBe(false);
});

it("concludes nothing while nobody else was heard", async () => {
  const { dark } = silentRegion();
  await vi.advanceTimersByTimeAsync(2_500);
  expect(dark.deadline.aborted).toBe(false);
});

it("takes an error that the Region itself answered for a sign of life", async () => {
  const { hearing, dark } = silentRegion();
  await look("Route 53", hearing.elsewhere, async () => 1);
  await look("Lambda", dark, refused);
  await vi.advanceTimersByTimeAsync(2_500);
  expect(dark.deadline.aborted).toBe(false);
});

it("takes a refused connection for none", async () => {
  const { hearing, dark } = silentRegion();
  await look("Route 53", hearing.elsewhere, async () => 1);
  await look("Lambda", dark, async () => {
    throw Object.assign(new Error("no"), { code: "ECONNREFUSED" });
  });
  await vi.advanceTimersByTimeAsync(1_600);
  expect(dark.deadline.aborted).toBe(true);
});
