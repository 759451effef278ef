import type { Notice } from "./decide.ts";
import type { SecretFacts } from "./decide-secret.ts";
import type { Refusal } from "./refusal.ts";

/*
 * What the primary stack does not do to a secret, and the way on from each. The names of secrets are no secrets; their values are
 * never known here.
 */

const key = "standby:secret.existing";

const set = (field: string, value: string, stack: string): string =>
  `pulumi config set --path secret.${field} ${value} -s ${stack}`;
const unset = (field: string, stack: string): string =>
  `pulumi config rm --path secret.${field} -s ${stack}`;

/** To leave the key out means another secret, and the adopted one is never deleted, nor taken for one of our own. */
export const leavesAdopted = ({ stack, last }: SecretFacts): Refusal => ({
  key,
  reason:
    "is left out, and the secret of this stack is the one that it named: another one would take its place, with another password",
  next: `${set("existing", last.arn ?? "", stack)} && pulumi preview -s ${stack}`,
});

export const ownSecret = ({ stack }: SecretFacts): Refusal => ({
  key,
  reason:
    "names a secret, and this stack has made one of its own: the database's password is in that one",
  next: `${unset("existing", stack)} && pulumi preview -s ${stack}`,
});

export const notFound = ({ stack, region, secret: { existing } }: SecretFacts): Refusal => ({
  key,
  reason: "names a secret that is not in this Region, or is scheduled for deletion",
  next: `aws secretsmanager describe-secret --secret-id '${existing}' --region ${region}; one that is scheduled for deletion comes back by aws secretsmanager restore-secret, one that was just made is listed after five minutes at most; then pulumi preview -s ${stack}`,
});

export const anotherOfThatName = ({ stack }: SecretFacts, arn: string): Refusal => ({
  key,
  reason: "names a secret that was deleted; another one has its name now",
  next: `if that one is meant: ${set("existing", arn, stack)} && pulumi preview -s ${stack}`,
});

export const anotherThanAdopted = ({ stack }: SecretFacts, adopted: string): Refusal => ({
  key,
  reason: "names another secret than the one that this stack took over",
  next: `${set("existing", adopted, stack)} && pulumi preview -s ${stack}`,
});

export const isReplica = ({ stack, region }: SecretFacts): Refusal => ({
  key,
  reason: `names a copy in ${region} of a secret in another Region: a copy takes no change and cannot be replicated`,
  next: `edit Pulumi.${stack}.yaml: the primary stack is the one whose aws:region has the secret itself; or make the copy a secret of its own: aws secretsmanager stop-replication-to-replica --secret-id <its ARN> --region ${region}`,
});

export const nameTaken = ({ stack, observed }: SecretFacts): Refusal => ({
  key: "standby:secret.name",
  reason: "is the name of a secret that exists and that this program has not made",
  next: `to take it over: ${set("existing", observed.found?.arn ?? "", stack)}; to make another: ${set("name", "<name>", stack)}; then pulumi preview -s ${stack}`,
});

/** A copy is never written over what is there: it may be the copy that was promoted, with newer values than ours. */
export const occupied = (
  { stack, secret: { existing } }: SecretFacts,
  name: string,
  region: string,
): Refusal => ({
  key: "standby:secret.replicaRegions",
  reason: `names ${region}, which holds a secret of the same name that is no copy of this one; it is never overwritten`,
  next: [
    `aws secretsmanager describe-secret --secret-id '${name}' --region ${region}; when nobody reads it: remove it there`,
    ...(existing === undefined
      ? [`or make a secret of another name: ${set("name", "<name>", stack)}`]
      : []),
    `then pulumi preview -s ${stack}`,
  ].join(", "),
});

export const notReplicatedYet = ({ stack, region }: SecretFacts): Notice => ({
  message: `the secret in ${region} was taken over and nothing of it was changed. It has no copy of this stack's yet: the next update makes it`,
  next: `pulumi up on the recovery stack, which makes the CNAME, then pulumi up -s ${stack}`,
});
