import type { Refusal } from "./refusal.ts";

/*
 * Pure: what is configured and what is live decide what the program declares. Databases are declared as they are, so that a second
 * run changes nothing, a killed run is resumed, and a promotion that somebody else made is understood. A refusal judges a move that
 * was asked for, never a state that was found: what is found and not moved is declared, with a notice where it needs attention.
 */

export type Decision<Plan> =
  | { readonly plan: Plan }
  | { readonly refusals: readonly [Refusal, ...Refusal[]] };

/** What a person has to know although nothing is refused, and the next command. */
export interface Notice {
  readonly message: string;
  readonly next: string;
}

export const refused = (refusal: Refusal): { readonly refusals: readonly [Refusal] } => ({
  refusals: [refusal],
});

/** The account is checked before anything else: the same program under other credentials would build a second pair. */
export const accountRefusals = (
  { accountId, stack }: { readonly accountId: string; readonly stack: string },
  observedAccount: string,
): readonly Refusal[] =>
  accountId === observedAccount
    ? []
    : [
        {
          key: "standby:accountId",
          reason: "is not the account that these credentials belong to",
          next: `aws sts get-caller-identity, then pulumi preview -s ${stack} with the credentials of that account`,
        },
      ];

/** A renamed database keeps its data and loses its endpoint: to take it for none would build an empty one, or a second replica. */
export function strangerRefusals(
  strangers: readonly string[],
  { service, region, lastDatabase, stack }: StrangerFacts,
): readonly Refusal[] {
  return strangers.map((identifier) => ({
    key: "standby:service",
    reason: `the database ${identifier} carries the tag standby:service of ${service} and not the name of one of its generations; it was renamed, or it is not of this stack`,
    next: `aws rds modify-db-instance --db-instance-identifier ${identifier} --new-db-instance-identifier ${lastDatabase ?? `${service}-1`} --apply-immediately --region ${region}, or aws rds remove-tags-from-resource for that tag, then pulumi preview -s ${stack}`,
  }));
}

interface StrangerFacts {
  readonly service: string;
  readonly region: string;
  readonly stack: string;
  /** The identifier that this stack's last outputs know. */
  readonly lastDatabase: string | undefined;
}
