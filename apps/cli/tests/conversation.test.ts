import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { conversationOn } from "../src/conversation.ts";
import type { Terminal } from "../src/terminal.ts";

const signal = new AbortController().signal;

function terminal(isTTY: boolean) {
  const [stdin, stderr, stdout] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let printed = "";
  stderr.on("data", (chunk) => {
    printed += String(chunk);
  });
  return {
    type: (text: string) => stdin.write(text),
    printed: () => printed,
    terminal: {
      stdin: Object.assign(stdin, { isTTY }),
      stdout,
      stderr,
      signal,
    } as unknown as Terminal,
  };
}

describe("the conversation of a command that moves something", () => {
  it("goes on when the Region's name was typed", async () => {
    const { terminal: at, type, printed } = terminal(true);
    const asked = conversationOn(at, {}).confirmRegion("us-west-2", signal);
    type("us-west-2\n");
    await asked;
    expect(printed()).toContain("Type us-west-2 to go on: ");
  });

  it("refuses anything else", async () => {
    const { terminal: at, type } = terminal(true);
    const asked = conversationOn(at, {}).confirmRegion("us-west-2", signal);
    type("yes\n");
    await expect(asked).rejects.toMatchObject({ name: "RefusedError" });
  });

  it("asks nobody with --yes", async () => {
    const { terminal: at, printed } = terminal(false);
    const conversation = conversationOn(at, { yes: true });
    await conversation.confirmRegion("us-west-2", signal);
    expect(await conversation.confirm("Remove its lock?", signal)).toBe(true);
    expect(printed()).toBe("");
  });

  it("is a usage error without a terminal to ask on", async () => {
    const { terminal: at } = terminal(false);
    await expect(conversationOn(at, {}).confirmRegion("us-west-2", signal)).rejects.toMatchObject({
      name: "UsageError",
      next: ["the same command with --yes"],
    });
  });

  it("ends with the interruption while it waits for an answer", async () => {
    const abort = new AbortController();
    const { terminal: at } = terminal(true);
    const asked = conversationOn(at, {}).confirmRegion("us-west-2", abort.signal);
    abort.abort(new Error("interrupted by SIGINT"));
    await expect(asked).rejects.toThrow("interrupted by SIGINT");
  });

  it("takes only a plain yes for a yes", async () => {
    const { terminal: at, type } = terminal(true);
    const asked = conversationOn(at, {}).confirm("Remove its lock?", signal);
    type("sure\n");
    expect(await asked).toBe(false);
  });
});
