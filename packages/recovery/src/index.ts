export * from "./errors.ts";
export type * from "./finding.ts";
export type * from "./observation.ts";
export type * from "./step.ts";
