import type { FunctionUse } from "../src/function-use.ts";

/** An account without functions. */
export const noFunctions: FunctionUse = {
  permits: () => false,
  call: (_region, functionArn) => Promise.reject(new Error(`There is no function ${functionArn}.`)),
};
