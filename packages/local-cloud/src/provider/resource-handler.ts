import type { Dials } from "../dials.ts";
import type { RolePolicies } from "../iam/role-policies.ts";
import type { ServiceName } from "../outages.ts";
import type { AwsClients } from "./aws-clients.ts";
import type { PropertyMap } from "./property-values.ts";

/** An API call that only has to reach its Region: nothing of what it makes is modelled. */
export type InertCall = (
  call: { readonly region: string; readonly service: ServiceName; readonly operation: string },
  signal: AbortSignal,
) => Promise<void>;

/** What one operation on one resource works with. */
export interface Scope {
  /** The resource's own Region, or else the provider's. */
  readonly region: string;
  readonly accountId: string;
  /** Clients of `region`. */
  readonly aws: AwsClients;
  readonly dials: Dials;
  /** What relative asset paths start from. */
  readonly programFolder: string | undefined;
  readonly inertCall: InertCall;
  readonly rolePolicies?: RolePolicies | undefined;
  /** A lost Region that answers nothing fails a call after this time. */
  readonly requestTimeoutMilliseconds: number;
  /** Aborted by a cancelled update, a gone engine and a closing provider. */
  readonly signal: AbortSignal;
  /** How long the whole operation may take: the waits of one update share it. */
  readonly timeoutSeconds: number;
  /** `Date.now()` at the end of that time. */
  readonly deadline: number;
}

export interface Update {
  readonly id: string;
  /** Outputs before the update. */
  readonly state: PropertyMap;
  /** Outputs as they are to become, inputs included. */
  readonly planned: PropertyMap;
  /** Top-level names. Empty after an earlier failure that left nothing to plan. */
  readonly changed: ReadonlySet<string>;
}

/** The AWS calls behind one resource type. All values are plain. */
export interface ResourceHandler {
  /**
   * Calls `created` as soon as AWS knows the resource: from then on a failure leaves it in the state.
   */
  create(inputs: PropertyMap, scope: Scope, created: (id: string) => void): Promise<void>;
  /**
   * What AWS says now; undefined when it is gone. An `undefined` member overrides what the state has; `id` renames the
   * resource, as an import by name does.
   */
  read(id: string, state: PropertyMap, scope: Scope): Promise<PropertyMap | undefined>;
  update(update: Update, scope: Scope): Promise<void>;
  delete(id: string, state: PropertyMap, scope: Scope): Promise<void>;
  /** Properties that AWS never tells and that an import sets. */
  readonly imported?: PropertyMap;
}
