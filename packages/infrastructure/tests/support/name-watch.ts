import { Resolver } from "node:dns/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { LocalCloud } from "@standby/local-cloud";

/** What a name led to, question by question. */
export interface NameWatch {
  /** Targets in the order in which they came, each once for as long as it stayed. */
  readonly targets: readonly string[];
  readonly questions: number;
  readonly failures: readonly string[];
}

/** Asks for the CNAME all the time while the work is done: nobody may find it absent. */
export async function watchingName(
  { dnsServer }: LocalCloud,
  name: string,
  work: () => Promise<void>,
): Promise<NameWatch> {
  // A question without an answer is no absence, and is asked again: the name server is in this process, and where a busy machine holds
  // that up for longer than the time-out, the time-out is seen before the answer that has come meanwhile.
  const resolver = new Resolver({ timeout: 2_000, tries: 5 });
  resolver.setServers([`${dnsServer.address}:${dnsServer.port}`]);
  const targets: string[] = [];
  const failures: string[] = [];
  let questions = 0;
  let isDone = false;
  const watching = (async () => {
    while (!isDone) {
      questions += 1;
      const answer = await resolver.resolveCname(name).catch((error: unknown) => {
        failures.push(String(error));
        return [];
      });
      const [target] = answer;
      if (target !== undefined && target !== targets.at(-1)) targets.push(target);
      await pause(20);
    }
  })();
  try {
    await work();
  } finally {
    isDone = true;
    await watching;
  }
  return { targets, questions, failures };
}
