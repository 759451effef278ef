import { createInterface } from "node:readline/promises";
import { type Conversation, RefusedError, UsageError } from "@standby/recovery";
import type { Terminal } from "./terminal.ts";
import { eventLine } from "./text/move-text.ts";

/** Talks to the person at the terminal, on stderr: stdout is for results. */
export function conversationOn(
  { stderr, stdin = process.stdin }: Terminal,
  { yes = false }: { readonly yes?: boolean | undefined },
): Conversation {
  const write = (line: string) => void stderr.write(`${line}\n`);
  const answerTo = async (question: string, signal: AbortSignal): Promise<string> => {
    if (!stdin.isTTY)
      throw new UsageError("This asks before it acts, and there is no terminal to ask on.", [
        "the same command with --yes",
      ]);
    const prompt = createInterface({ input: stdin, output: stderr });
    try {
      return (await prompt.question(question, { signal })).trim();
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      prompt.close();
    }
  };
  return {
    say: write,
    tell: (event) => write(eventLine(event)),
    async confirmRegion(region, signal) {
      if (yes) return;
      const answer = await answerTo(`Type ${region} to go on: `, signal);
      if (answer !== region)
        throw new RefusedError(`That was not ${region}: nothing was changed.`, []);
    },
    confirm: async (question, signal) =>
      yes || /^y(es)?$/i.test(await answerTo(`${question} [y/N] `, signal)),
  };
}
