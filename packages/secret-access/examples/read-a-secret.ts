import { asJsonOf, asText, SecretReader, SecretUnavailableError } from "@standby/secret-access";
import * as z from "zod";

/** One reader for each secret, made once: module scope of a Lambda function is the place. */
const apiKey = new SecretReader({
  secretId: "orders-prod/payment-api-key",
  region: "us-west-2",
  decode: asText,
});

/** A schema of Zod, Valibot or ArkType types the value; a value that does not fit is refused by the names of its keys. */
const mail = new SecretReader({
  secretId: "orders-prod/mail",
  region: "us-west-2",
  decode: asJsonOf(z.object({ user: z.string(), password: z.string() })),
});

export async function payAndConfirm(): Promise<string> {
  const { value: key, versionId } = await apiKey.get();
  const { value: account } = await mail.get();
  return `version ${versionId} with ${key.length} characters, mail from ${account.user}`;
}

/** When a server refuses the value it may have been rotated: all callers share one call. */
export async function keyAfterRefusal(): Promise<string> {
  try {
    return (await apiKey.refresh()).value;
  } catch (error) {
    if (error instanceof SecretUnavailableError) return (await apiKey.get()).value;
    throw error;
  }
}
