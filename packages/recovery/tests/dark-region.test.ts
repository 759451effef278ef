import { expect, it } from "vitest";
import { isDark, type Silence } from "../src/dark-region.ts";

const silent: Silence = { servicesAsked: 3, heard: false, secondsSinceProof: 1.5 };

it.each<readonly [expected: boolean, when: string, change: Partial<Silence>]>([
  [true, "several services are silent for 1.5 s while others answer", {}],
  [false, "one of its services answered", { heard: true, secondsSinceProof: 60 }],
  [false, "a single service was asked", { servicesAsked: 1, secondsSinceProof: 60 }],
  [false, "nothing else has answered this process either", { secondsSinceProof: undefined }],
  [false, "the silence is shorter", { secondsSinceProof: 1.4 }],
])("says %s of a Region when %s", (expected, _when, change) => {
  expect(isDark({ ...silent, ...change })).toBe(expected);
});
