import type { Background } from "../background.ts";
import type { FunctionRuntime } from "../data-planes.ts";
import type { FunctionStore } from "./function-store.ts";

/** What the operations of Lambda share. */
export interface LambdaContext {
  readonly store: FunctionStore;
  readonly runtime: FunctionRuntime;
  readonly background: Background;
  /** Where functions find AWS. Known when the endpoint listens, which is before the first function is made. */
  readonly endpointUrl: () => string;
}
