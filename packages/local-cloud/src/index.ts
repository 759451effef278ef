export { accountId, operator, workload } from "./account.ts";
export { startLocalCloud } from "./cloud.ts";
export type { MetricStore } from "./cloudwatch/metric-store.ts";
export type { DatabaseKind } from "./database-dialect.ts";
export { type Clock, type Dials, dialsOf } from "./dials.ts";
export type { Fault } from "./faults.ts";
export { functionAddress } from "./function-address.ts";
export {
  appliesTo,
  isAllowed,
  type Permission,
  type PolicyDocument,
  type Statement,
} from "./iam/policy.ts";
export type { LocalCloud, LocalCloudOptions } from "./local-cloud.ts";
export type { Notification } from "./notifications.ts";
export { type LossMode, lossModes } from "./outages.ts";
export type { Call, CallFilter } from "./request-log.ts";
