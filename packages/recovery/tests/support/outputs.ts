import type { StackOutputs } from "@standby/topology";
import { exampleDeployment } from "../../src/findings/examples.ts";

export const primaryOutputs = exampleDeployment.primary;

/** As the recovery stack has them: with the primary's own. */
export const recoveryOutputs = {
  ...exampleDeployment.recovery,
  recordRegion: "us-east-1",
  databaseMode: "replica",
  recoveryBucket: "orders-prod-recovery-123456789012-us-west-2",
  primary: primaryOutputs,
} as const satisfies StackOutputs;
