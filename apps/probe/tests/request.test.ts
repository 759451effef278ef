import { describe, expect, it } from "vitest";
import { readRequest } from "../src/request.ts";

describe("a request", () => {
  it.each([
    { ask: "secret" },
    { ask: "resolve", host: "db.orders.internal" },
    { ask: "wait-for-transactions", address: "a", transactions: "", timeoutSeconds: 0.5 },
    { ask: "enable-events", address: "a", events: [{ schema: "orders", name: "sweep" }] },
  ])("$ask is read as it was sent", (request) => {
    expect(readRequest(request)).toEqual(request);
  });

  it.each([
    [{ ask: "drop" }, /no request to the probe: ask/],
    [{ ask: "database" }, /address/],
    [{ ask: "canary", address: "a", password: "hunter2" }, /^(?!.*hunter2)/],
    [undefined, /no request to the probe/],
    [{ ask: "diverged-writes", address: "a", known: "", maximumRows: 0 }, /maximumRows/],
  ])("of another form is refused by the name of what is wrong", (request, message) => {
    expect(() => readRequest(request)).toThrow(message);
  });
});
