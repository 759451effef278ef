import type { Answer } from "../dns-watch.ts";
import { count, defineCheck, notReached, some } from "./check.ts";

/** The first answer and each one that differs from the one before. */
export const changesOf = (answers: readonly Answer[]): readonly Answer[] =>
  answers.filter((answer, index) => answer.value !== answers[index - 1]?.value);

/** A missing name is remembered by resolvers for the zone's negative TTL: even one such answer is an outage. */
export const nameAlwaysResolves = defineCheck("name-always-resolves", [], ({ answers }) => {
  if (answers.length === 0) return { ok: false, detail: notReached };
  const failures = answers.filter((answer) => !answer.resolved);
  return {
    ok: failures.length === 0,
    detail:
      failures.length === 0
        ? `${count(answers.length, "question")}, each one answered with a target`
        : `${count(failures.length, "question")} of ${answers.length} failed: ${some([...new Set(failures.map((each) => each.value))])}`,
  };
});

export const nameMovesOnce = defineCheck(
  "name-moves-once",
  ["outputs", "flagAt"],
  ({ answers, outputs, flagAt }) => {
    const changes = changesOf(answers.filter((answer) => answer.resolved));
    const [from, to] = changes;
    const movedOnce =
      changes.length === 2 &&
      from?.value === outputs.primary.database.address &&
      to?.value === outputs.recovery.database.address;
    return {
      ok: movedOnce && to !== undefined && to.at >= flagAt,
      detail: changes.map((each) => each.value).join(" -> ") || "no answer",
    };
  },
);
