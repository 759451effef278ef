import { expect, it } from "vitest";
import { explore, repeats, sequencesUpTo } from "./explore.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);

it("finds no order of up to four operations that splits, loses or replaces anything", async () => {
  const { situations, transitions, programRuns, problems } = await explore(4);
  const again = repeats(transitions);
  print(
    `flag orders, program under mocks: ${sequencesUpTo(4)} sequences of up to 4 operations end in ${situations.size} situations; ` +
      `${transitions.length} steps between them, ${programRuns} runs of the program, ${again.checked} repeated updates`,
  );
  expect(problems).toEqual([]);
  expect(again.problems).toEqual([]);
});

it("finds none of any length", async () => {
  const { situations, transitions, programRuns, problems } = await explore(
    Number.POSITIVE_INFINITY,
  );
  const again = repeats(transitions);
  print(
    `flag orders, any length: ${situations.size} situations can be reached at all; ${transitions.length} steps, ${programRuns} runs of the program, ${again.checked} repeated updates`,
  );
  expect(problems).toEqual([]);
  expect(again.problems).toEqual([]);
});
