export * from "./database-secret.ts";
export * from "./deployment.ts";
export * from "./stack-outputs.ts";
