import { describe, expect, it } from "vitest";
import { type MoveName, moves, nextMove, type Position } from "../../kill-points/moves.ts";

/** The moves of one pair, until nothing is left or a new pair is the shorter way. */
function walk(points: Partial<Record<MoveName, number>>): readonly MoveName[] {
  const left = { ...points };
  const walked: MoveName[] = [];
  let position: Position = "home";
  const next = () => nextMove(position, (move) => (left[move] ?? 0) > 0);
  for (let move = next(); move !== undefined; move = next()) {
    walked.push(move);
    left[move] = (left[move] ?? 0) - 1;
    position = moves[move].to;
  }
  return walked;
}

describe("the way from one kill point to the next", () => {
  it("goes round the cycle while its moves have points left", () => {
    expect(
      walk({
        failover: 1,
        "switchover to us-west-2": 1,
        "switchover to us-east-1": 2,
        "rebuild us-east-1": 1,
        "rebuild us-west-2": 1,
      }),
    ).toEqual([
      "failover",
      "rebuild us-east-1",
      "switchover to us-east-1",
      "rebuild us-west-2",
      "switchover to us-west-2",
      "rebuild us-east-1",
      "switchover to us-east-1",
    ]);
  });

  it("makes moves that nobody asked for only on the way to one that somebody did", () => {
    expect(walk({ "switchover to us-east-1": 1 })).toEqual([
      "switchover to us-west-2",
      "rebuild us-east-1",
      "switchover to us-east-1",
    ]);
  });

  it("ends where a new pair is the shorter way to what is left", () => {
    expect(walk({ failover: 2 })).toEqual(["failover"]);
  });
});
