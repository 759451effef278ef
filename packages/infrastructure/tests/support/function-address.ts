import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { type LocalCloud, workload } from "@standby/local-cloud";

/** Asks at a function's HTTPS address, which the local cloud answers at its endpoint: the host name tells them apart. */
export async function statusAt(
  { endpoint }: LocalCloud,
  address: string,
  region: string,
  signed: boolean,
): Promise<number | undefined> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${workload.accessKeyId}/20260101/${region}/lambda/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;
  const sent = request(`${endpoint}/health`, {
    headers: { host: new URL(address).host, ...(signed ? { authorization } : {}) },
    signal: AbortSignal.timeout(30_000),
  });
  sent.end();
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}
