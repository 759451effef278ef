import { expect, it } from "vitest";
import { DeadlineError, pause, withDeadline } from "../src/deadline.ts";

const never = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) =>
    signal.addEventListener("abort", () => reject(new Error("a library's own words")), {
      once: true,
    }),
  );
const { signal } = new AbortController();

it("returns what the work returns", async () => {
  expect(await withDeadline("it", 1, signal, async () => 5)).toBe(5);
});

it("says what did not end in time, whatever the work's own error was", async () => {
  const waiting = withDeadline("the first write", 0.02, signal, never);
  await expect(waiting).rejects.toThrow(
    new DeadlineError("the first write did not end within 0.02 s"),
  );
});

it("rejects with the caller's reason when the caller aborts", async () => {
  const caller = new AbortController();
  const waiting = withDeadline("it", 5, caller.signal, never);
  caller.abort(new Error("interrupted"));
  await expect(waiting).rejects.toThrow("interrupted");
});

it("passes the work's error on when nothing was aborted", async () => {
  const failing = withDeadline("it", 5, signal, () => Promise.reject(new Error("refused")));
  await expect(failing).rejects.toThrow("refused");
});

it("ends a pause at once when it is aborted", async () => {
  const caller = new AbortController();
  const pausing = pause(60_000, caller.signal);
  caller.abort();
  await pausing;
});
