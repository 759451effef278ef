import { expect, it } from "vitest";
import { look, problemOf, startLook } from "../src/seen.ts";

const never = () => new Promise<never>(() => {});

it("reports a call that ignores its signal as unreachable when the deadline is over", async () => {
  const sight = startLook(new AbortController().signal, 0.02);
  expect(await look("RDS in us-east-1", sight, never)).toEqual({
    seen: false,
    problem: { kind: "unreachable", message: "RDS in us-east-1: no answer within 0.02 s" },
  });
});

it("concludes nothing when the caller gives up", async () => {
  const caller = new AbortController();
  const looking = look("RDS in us-east-1", startLook(caller.signal, 60), never);
  caller.abort(new Error("interrupted by SIGINT"));
  await expect(looking).rejects.toThrow("interrupted by SIGINT");
});

it.each([
  ["AccessDenied", {}, "denied"],
  ["AccessDeniedException", {}, "denied"],
  ["ExpiredToken", {}, "denied"],
  ["ExpiredTokenException", {}, "denied"],
  ["CredentialsProviderError", {}, "denied"],
  ["TimeoutError", {}, "unreachable"],
  ["Error", { code: "ECONNREFUSED" }, "unreachable"],
  ["Whatever", { $metadata: { httpStatusCode: 503 } }, "unreachable"],
  ["DBInstanceNotFound", { $metadata: { httpStatusCode: 404 } }, "failed"],
])("tells %s %j apart as %s", (name, more, kind) => {
  const error = Object.assign(new Error("a text that nobody reads"), { name }, more);
  expect(problemOf("RDS in us-east-1", error).kind).toBe(kind);
});

it("keeps the text of an error out of the problem", () => {
  const error = Object.assign(new Error("arn:aws:iam::1:role/x hunter2"), { name: "AccessDenied" });
  expect(problemOf("RDS in us-east-1", error).message).toBe("RDS in us-east-1: AccessDenied");
});
