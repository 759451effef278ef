import { Background } from "../background.ts";
import type { FunctionRuntime } from "../data-planes.ts";
import type { FunctionUse } from "../function-use.ts";
import type { Outages } from "../outages.ts";
import type { Service } from "../service.ts";
import type { LambdaContext } from "./context.ts";
import { FunctionStore } from "./function-store.ts";
import { functionUrlOperations } from "./function-urls.ts";
import { functionUse } from "./function-use.ts";
import { functionOperations } from "./functions.ts";
import { invokeOperation } from "./invoke.ts";
import { permissionAndTagOperations } from "./permissions-and-tags.ts";
import { updateOperations } from "./updates.ts";

export interface LambdaOptions {
  readonly runtime: FunctionRuntime;
  readonly outages: Outages;
  /** Where functions find AWS: asked at every deployment. */
  readonly endpointUrl: () => string;
}

export interface Lambda extends Service {
  readonly functions: FunctionUse;
  /** Ends deployments; the runtime is its owner's to close. */
  close(): Promise<void>;
}

/** Lambda: real bundles behind AWS's states and refusals. */
export function createLambda({ runtime, outages, endpointUrl }: LambdaOptions): Lambda {
  const background = new Background(outages);
  const context: LambdaContext = { store: new FunctionStore(), runtime, background, endpointUrl };
  return {
    name: "lambda",
    operations: {
      ...functionOperations(context),
      ...updateOperations(context),
      ...invokeOperation(context),
      ...permissionAndTagOperations(context),
      ...functionUrlOperations(context),
    },
    functions: functionUse(context),
    close: () => background.close(),
  };
}
