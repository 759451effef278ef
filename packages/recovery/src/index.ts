export { type Assessment, assess, bySeverity } from "./assess.ts";
export type { Checkout } from "./checkout.ts";
export { type Clock, systemClock } from "./clock.ts";
export type { Conversation } from "./conversation.ts";
export { throwDenial } from "./denial.ts";
export * from "./deployment.ts";
export { createEngine, type Engine, type EngineSettings } from "./engine.ts";
export * from "./engine-errors.ts";
export * from "./errors.ts";
export * from "./failover.ts";
export { failoverReadOnly, planFailoverReadOnly } from "./failover-read-only.ts";
export type * from "./finding.ts";
export { exampleFindings } from "./findings/examples.ts";
export { catalogue, type FactsOf, type FindingCode, finding } from "./findings.ts";
export { type History, type HistoryEntry, type HistoryOptions, readHistory } from "./history.ts";
export * from "./journal.ts";
export type { TimeEstimate } from "./live-drill/time-estimate.ts";
export {
  type LiveCheck,
  type LiveDrillOptions,
  type LiveDrillReport,
  type LivePhase,
  liveDrill,
} from "./live-drill.ts";
export { currentOperation } from "./lock.ts";
export type { AcceptedLoss } from "./loss.ts";
export {
  type MonitoredPair,
  type MonitorReport,
  monitor,
  type ScheduledPreflight,
  scheduledPreflight,
  signalsOf,
} from "./monitor.ts";
export type { Deadlines, MoveContext } from "./move.ts";
export type * from "./observation.ts";
export { type ObserveOptions, observe, probeOf } from "./observe.ts";
export { type OpenMoveOptions, openMove } from "./open-move.ts";
export type { ExpectedLoss } from "./preflight/expected-loss.ts";
export {
  type CheckLine,
  type PreflightOptions,
  type PreflightReport,
  type PreflightVerdict,
  preflight,
} from "./preflight.ts";
export { ProbeClient, ProbeCrashError } from "./probe-client.ts";
export { openProject, type Project, type StackFile } from "./project.ts";
export { planRebuild, type RebuildOptions, rebuild } from "./rebuild.ts";
export { type ObjectStore, recoveryBucket } from "./recovery-bucket.ts";
export { refuseCaller } from "./refuse-caller.ts";
export { AwsClients, type RegionClients } from "./region-clients.ts";
export type { MoveReport, MoveRun } from "./run-move.ts";
export * from "./run-steps.ts";
export { openSession, type Session, type SessionOptions } from "./session.ts";
export { type SetHostResult, setHost } from "./set-host.ts";
export * from "./status.ts";
export type * from "./step.ts";
export { planSwitchover, switchover } from "./switchover.ts";
