// Plain JavaScript: the engine's own loader would compile a TypeScript entry, with all that it imports, at the start of every update.
import policy from "@pulumi/policy";
import { declarationRules } from "../src/index.ts";

new policy.PolicyPack("standby-guard", {
  enforcementLevel: "mandatory",
  policies: declarationRules.map(({ name, description, types, judge }) => ({
    name,
    description,
    validateResource({ type, props, opts }, report) {
      if (!types.includes(type)) return;
      const reason = judge({ type, protect: opts.protect, inputs: props });
      if (reason !== undefined) report(reason);
    },
  })),
});
