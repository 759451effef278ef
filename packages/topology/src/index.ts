export * from "./database-hosts.ts";
export * from "./database-secret.ts";
export * from "./deployment.ts";
export * from "./function-environment.ts";
export * from "./probe-protocol.ts";
export * from "./program-digest.ts";
export * from "./stack-outputs.ts";
export * from "./transactions.ts";
