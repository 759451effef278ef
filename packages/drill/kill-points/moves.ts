/** A move from where the pair is, in the order in which a course can meet them. */
export const moveNames = [
  "failover",
  "failover, the source answers",
  "switchover to us-west-2",
  "rebuild us-east-1",
  "switchover to us-east-1",
  "rebuild us-west-2",
] as const;
export type MoveName = (typeof moveNames)[number];

/** Where the writer is, and whether the other Region could take over. */
export type Position = "home" | "west alone" | "west" | "home alone";

interface Move {
  readonly words: readonly string[];
  readonly from: Position;
  readonly to: Position;
  /** The primary Region does not answer while it runs. */
  readonly isDark: boolean;
}

const failover = ["failover", "--yes", "--accept-data-loss", "unknown"];

export const moves: Readonly<Record<MoveName, Move>> = {
  failover: { words: failover, from: "home", to: "west alone", isDark: true },
  "failover, the source answers": {
    words: failover,
    from: "home",
    to: "west alone",
    isDark: false,
  },
  "switchover to us-west-2": {
    words: ["switchover", "--yes"],
    from: "home",
    to: "west alone",
    isDark: false,
  },
  "rebuild us-east-1": {
    words: ["rebuild", "--yes"],
    from: "west alone",
    to: "west",
    isDark: false,
  },
  "switchover to us-east-1": {
    words: ["switchover", "--yes"],
    from: "west",
    to: "home alone",
    isDark: false,
  },
  "rebuild us-west-2": {
    words: ["rebuild", "--yes"],
    from: "home alone",
    to: "home",
    isDark: false,
  },
};

/**
 * The next move from a position: one that has kill points left, else one on the way to it; undefined when a new pair is the shorter
 * way. The two rebuilds have the same steps: what one of them has shown is not asked of the other.
 */
export function nextMove(
  position: Position,
  hasPoints: (move: MoveName) => boolean,
): MoveName | undefined {
  const here = moveNames.filter((name) => moves[name].from === position);
  const wanted = here.find(hasPoints);
  if (wanted !== undefined) return wanted;
  const [plain] = here.filter((name) => !moves[name].isDark).toReversed();
  const ahead = order.slice(order.indexOf(position) + 1);
  const isWayThere = moveNames.some((name) => hasPoints(name) && ahead.includes(moves[name].from));
  return isWayThere ? plain : undefined;
}

const order: readonly Position[] = ["home", "west alone", "west", "home alone"];
