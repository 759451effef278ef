/** The one account of a local cloud: the committed stack files name it too. */
export const accountId = "123456789012";

/** Who signed a request. The request log names it, so that an operator's calls and a workload's can be told apart. */
export interface Principal {
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const user = (name: string, accessKeyId: string): Principal => ({
  arn: `arn:aws:iam::${accountId}:user/${name}`,
  accessKeyId,
  secretAccessKey: `local-cloud-${name}`,
});

/** A person at a shell, and the Pulumi program that they run. */
export const operator = user("operator", "AKIALOCALOPERATOR000");
/** Whoever calls the functions: the drill's load. */
export const workload = user("workload", "AKIALOCALWORKLOAD000");

const functionKeyPrefix = "ASIALOCAL";

/** The principal that a function's environment signs as. */
export const functionPrincipal = (roleArn: string, functionName: string): Principal => {
  const session = `${roleArn.split("/").at(-1) ?? roleArn}/${functionName}`;
  return {
    arn: `arn:aws:sts::${accountId}:assumed-role/${session}`,
    accessKeyId: functionKeyPrefix + Buffer.from(session).toString("hex").toUpperCase(),
    secretAccessKey: `local-cloud-${session}`,
  };
};

/** Who has this access key, or undefined for a key that the account does not know. */
export function principalArnOf(accessKeyId: string): string | undefined {
  const person = [operator, workload].find((each) => each.accessKeyId === accessKeyId);
  if (person) return person.arn;
  if (!accessKeyId.startsWith(functionKeyPrefix)) return undefined;
  const session = Buffer.from(accessKeyId.slice(functionKeyPrefix.length), "hex").toString("utf8");
  return /^[\w+=,.@-]+\/[\w-]+$/.test(session)
    ? `arn:aws:sts::${accountId}:assumed-role/${session}`
    : undefined;
}
