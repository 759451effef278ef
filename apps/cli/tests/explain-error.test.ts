import {
  finding,
  RecoveryError,
  RefusedError,
  UnconfirmedError,
  UsageError,
} from "@standby/recovery";
import { describe, expect, it } from "vitest";
import { explainError } from "../src/explain-error.ts";
import { fakeTerminal } from "./support/terminal.ts";

const refusal = new RefusedError("A failover was refused.", [
  finding("loss-unknown", {} as never, { why: "nobody answered" }),
]);

async function explained(error: unknown, asJson = false, abort = false) {
  const { terminal, stdout, stderr } = fakeTerminal({ abort });
  const code = await explainError(error, asJson, terminal);
  await new Promise(setImmediate);
  return { code, stdout: stdout(), stderr: stderr() };
}

describe("an error", () => {
  it.each<[string, Error, number]>([
    ["of a person", new UsageError("There is no stack.", ["-s prod-west"]), 2],
    ["that is a refusal", refusal, 3],
    ["that says done and not confirmed", new UnconfirmedError("DNS was not moved."), 4],
    ["of the recovery", new RecoveryError("It failed.", ["standby status"]), 1],
  ])(
    "%s has its message, what to type next, its exit code, and no stack",
    async (_, error, code) => {
      const result = await explained(error);
      expect(result).toMatchObject({ code, stdout: "" });
      expect(result.stderr).toContain(`standby: ${error.message}`);
      for (const next of (error as RecoveryError).next)
        expect(result.stderr).toContain(`next: ${next}`);
      expect(result.stderr).not.toMatch(/\n\s+at /);
    },
  );

  it("that nobody expected has exit code 1 and its stack", async () => {
    const { code, stderr } = await explained(new TypeError("x is not a function"));
    expect(code).toBe(1);
    expect(stderr).toMatch(/x is not a function[\s\S]*\n\s+at /);
  });

  it("is one JSON document on stdout with --json", async () => {
    const { stdout, code } = await explained(refusal, true);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "standby.error/1",
      ok: false,
      summary: "A failover was refused.",
      findings: [{ code: "loss-unknown" }],
    });
  });

  it("after an interruption is only that, with exit code 130", async () => {
    const { code, stderr } = await explained(new UsageError("anything"), false, true);
    expect(code).toBe(130);
    expect(stderr).toBe("standby: Interrupted. What was started has been ended.\n");
  });
});
