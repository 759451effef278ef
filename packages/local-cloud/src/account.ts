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

/** The principal that a function's environment signs as. */
export const functionPrincipal = (roleArn: string, functionName: string): Principal => {
  const role = roleArn.split("/").at(-1) ?? roleArn;
  return {
    arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${functionName}`,
    accessKeyId: `ASIALOCAL${Buffer.from(role).toString("hex").toUpperCase()}`,
    secretAccessKey: `local-cloud-${role}`,
  };
};
