import type { PolicyDocument } from "./policy.ts";

/** The policies that roles have, by the role's name. A role that nobody declared is not judged: many tests need none. */
export class RolePolicies {
  readonly #roles = new Map<string, Map<string, PolicyDocument>>();

  put(role: string, policy: string, document: PolicyDocument): void {
    const policies = this.#roles.get(role) ?? new Map<string, PolicyDocument>();
    this.#roles.set(role, policies.set(policy, document));
  }

  /** The role stays, without the rights of that policy. */
  remove(role: string, policy: string): void {
    this.#roles.get(role)?.delete(policy);
  }

  /** Undefined: not a role that was declared here. */
  of(role: string): readonly PolicyDocument[] | undefined {
    const policies = this.#roles.get(role);
    return policies && [...policies.values()];
  }

  /** Every policy, by role and name. */
  all(): readonly {
    readonly role: string;
    readonly policy: string;
    readonly document: PolicyDocument;
  }[] {
    return [...this.#roles].flatMap(([role, policies]) =>
      [...policies].map(([policy, document]) => ({ role, policy, document })),
    );
  }
}
