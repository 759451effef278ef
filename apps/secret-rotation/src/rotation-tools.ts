import type { Login } from "./database-login.ts";
import type { Place } from "./place.ts";
import type { SecretStore } from "./secret-store.ts";

/** Everything outside this function that a rotation touches. */
export interface RotationTools {
  readonly place: Place;
  readonly store: SecretStore;
  readonly login: Login;
  /** Aborts before Lambda ends the function. */
  readonly signal: AbortSignal;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly newPassword: () => string;
}
