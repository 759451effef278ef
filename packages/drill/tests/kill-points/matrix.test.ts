import { expect, it } from "vitest";
import type { Execution } from "../../kill-points/execution.ts";
import { matrixOf, matrixText } from "../../kill-points/matrix.ts";

const point = { step: "promote", title: "Promote", sign: "change" } as const;
const execution: Execution = {
  move: "failover",
  outcomes: [
    { point: { ...point, moment: "before" }, met: true, again: "killed as well" },
    { point: { ...point, moment: "during" }, met: true, again: "0" },
    { point: { ...point, moment: "after" }, met: false, again: "" },
  ],
  end: "orders-prod-1 in us-west-2 takes the writes",
  complaints: [],
  seconds: 1,
};

it("says of each kill how the next run ended and whether all held", () => {
  const lines = matrixOf([execution]);
  expect(lines.map(({ moment, again, held }) => [moment, again, held])).toEqual([
    ["before", "killed as well", "yes"],
    ["during", "0", "yes"],
    ["after", "", "nothing to do"],
  ]);
  expect(matrixText(lines, [])).toContain("2 kills held, 0 did not, 1 met a step with nothing");
});

it("lets no kill hold in an execution that did not end as it should", () => {
  const lines = matrixOf([{ ...execution, complaints: ["the name was left behind"] }]);
  expect(lines.map(({ held }) => held)).toEqual(["no", "no", "no"]);
  expect(matrixText(lines, [])).toContain("the name was left behind");
});
