import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { type DnsSwitchAnswer, dnsSwitchFunctionName, type StackOutputs } from "@standby/topology";
import { callWithin } from "./call-within.ts";
import { RecoveryError } from "./errors.ts";

const invocationSeconds = 20;

/**
 * Lets the function of `dnsSwitch: health-check` publish now, and not at its next minute.
 *
 * @throws RecoveryError when it published nothing; the SDK's error when it cannot be invoked
 */
export async function publishNow(
  lambda: LambdaClient,
  { service, region }: StackOutputs,
  signal: AbortSignal,
): Promise<DnsSwitchAnswer> {
  const name = dnsSwitchFunctionName(service);
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: "{}" }),
    callWithin(invocationSeconds, signal),
  );
  const answer: unknown = JSON.parse(Payload?.transformToString() || "null");
  const namedRegion =
    FunctionError === undefined && typeof answer === "object" && answer !== null
      ? Reflect.get(answer, "namedRegion")
      : undefined;
  if (typeof namedRegion === "string") return { namedRegion };
  throw new RecoveryError(`The function ${name} in ${region} published nothing.`, [
    `aws logs tail /aws/lambda/${name} --region ${region} --since 10m`,
  ]);
}
