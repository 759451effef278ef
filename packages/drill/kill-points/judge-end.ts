import type { EndState, Region } from "./end-state.ts";
import { stacks } from "./end-state.ts";
import type { MoveName } from "./moves.ts";

/** What is not as the move has to leave it, in sentences; none when all is. */
export function complaintsAbout(
  move: MoveName,
  before: EndState,
  end: EndState,
): readonly string[] {
  return [
    ...writerComplaints(move, before, end),
    ...(move.startsWith("rebuild") ? standbyComplaints(before, end) : []),
    ...flagComplaints(move, end),
    ...(new Set(end.secretVersions).size > 1
      ? ["the copies of the secret are not the same version"]
      : []),
    ...end.unsettled,
  ];
}

const writersOf = ({ databases }: EndState) => databases.filter(({ takesWrites }) => takesWrites);

/** The writer's name as one looks at it: of a rebuild it is the one from before, of any other move the replica from before. */
export function expectedWriter(move: MoveName, before: EndState): string | undefined {
  return move.startsWith("rebuild")
    ? before.record
    : before.databases.find(({ source }) => source === before.record)?.name;
}

function writerComplaints(move: MoveName, before: EndState, end: EndState): readonly string[] {
  const expected = expectedWriter(move, before);
  const names = writersOf(end).map(({ name }) => name);
  return [
    ...(names.length === 1 && names[0] === expected
      ? []
      : [`${expected} should take the writes, and ${names.join(" and ") || "nobody"} does`]),
    ...(end.record === expected ? [] : [`the name leads to ${end.record}, not to ${expected}`]),
  ];
}

function standbyComplaints(before: EndState, end: EndState): readonly string[] {
  const made = end.databases.filter(({ name }) => before.databases.every((b) => b.name !== name));
  const replicas = made.filter(
    ({ source, status }) => source === end.record && status === "available",
  );
  return made.length === 1 && replicas.length === 1
    ? []
    : [`one replica should have been made: ${made.map(({ name }) => name).join(", ") || "none"}`];
}

const isTrue = (value: string | undefined): boolean => value === "true";

/** The Region that takes writes is not fenced, the other one is unless it has a replica; the flag says where the writer is. */
function flagComplaints(move: MoveName, { flags, record }: EndState): readonly string[] {
  const active = record.split(" in ")[1] as Region;
  const other: Region = active === "us-east-1" ? "us-west-2" : "us-east-1";
  const expected = [
    ["prod-west", "failover", active === "us-west-2"],
    [stacks[active], "fenced", false],
    [stacks[other], "fenced", !move.startsWith("rebuild")],
  ] as const;
  return expected
    .filter(([stack, flag, value]) => isTrue(flags[stack][flag]) !== value)
    .map(([stack, flag, value]) => `${flag} of ${stack} should be ${value}`);
}
