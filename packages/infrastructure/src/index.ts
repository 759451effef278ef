import { primaryStack } from "./primary-stack.ts";
import { recoveryStack } from "./recovery-stack.ts";
import { readStackConfig } from "./stack-config.ts";

const config = readStackConfig();

/** The stack's outputs, see `StackOutputs`: each one a stack output of its own. */
export default config.role === "primary" ? await primaryStack(config) : await recoveryStack(config);
