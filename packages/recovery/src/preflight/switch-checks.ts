import { finding } from "../findings.ts";
import { type Check, fail, pass, whenSeen } from "./check.ts";

/** The function is called and publishes what it publishes every minute: that it could is the proof. */
const publishes: Check = {
  id: "switch-publishes",
  title: "the function that moves the name publishes the Region that the last update named",
  decisive: true,
  judge({ observation: { deployment }, surroundings: { published } }) {
    if (!published) return pass("not needed: the name moves by its record");
    const expected = deployment.recovery.recordRegion ?? deployment.primaryRegion;
    if (!published.seen && published.problem.kind === "failed")
      return fail(finding("switch-silent", deployment, { why: published.problem.message }));
    return whenSeen(published, ({ namedRegion }) =>
      namedRegion === expected
        ? pass(namedRegion)
        : fail(finding("switch-elsewhere", deployment, { published: namedRegion, expected })),
    );
  },
};

export const switchChecks: readonly Check[] = [publishes];
