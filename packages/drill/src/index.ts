export type { Phase } from "./evidence.ts";
export type { CheckResult } from "./invariants/check.ts";
export { narratorFor } from "./progress.ts";
export type { DrillReport } from "./report.ts";
export { type ReportTextOptions, reportText } from "./report-text.ts";
export { type DrillOptions, runDrill } from "./run-drill.ts";
export type { Narrator, Pacing } from "./stage.ts";
