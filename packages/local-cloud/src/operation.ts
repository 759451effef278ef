import type { CallContext, Operation } from "./service.ts";

/**
 * An operation with the SDK's own types for what comes in and goes out. The wire decodes every request by the same model that
 * those types were made from, and refuses one whose required members are missing.
 */
export const operation =
  <Input, Output extends object>(
    run: (input: Input, context: CallContext) => Promise<Output> | Output,
  ): Operation =>
  (parameters, context) =>
    run(parameters as Input, context);
