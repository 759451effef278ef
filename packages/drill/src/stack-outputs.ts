import type { StackOutputs } from "@standby/topology";

const needed = ["role", "region", "databaseHostName", "secretArn", "functionName"] as const;

/**
 * Reads `pulumi stack output --json`.
 *
 * @throws TypeError that names the outputs which are missing
 */
export function readStackOutputs(stack: string, json: string): StackOutputs {
  const outputs = JSON.parse(json) as Partial<StackOutputs>;
  const missing: string[] = needed.filter((name) => typeof outputs[name] !== "string");
  if (typeof outputs.database?.address !== "string") missing.push("database.address");
  if (missing.length > 0)
    throw new TypeError(`stack ${stack} has no output ${missing.join(", ")}: was it brought up?`);
  return outputs as StackOutputs;
}
