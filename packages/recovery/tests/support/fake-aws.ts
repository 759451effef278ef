import type { ProbeReply, ProbeRequest } from "@standby/topology";
import type { AwsClients } from "../../src/region-clients.ts";

type Answer = (input: Readonly<Record<string, unknown>>, region: string) => unknown;
export type Answers = Readonly<Record<string, Answer>>;

/** What AWS answers, by the command's name; one that is not named is an error. Probes are asked by `ask`. */
export interface FakeAws {
  readonly clients: AwsClients;
  /** Regions that a client was made for. */
  readonly made: Set<string>;
  readonly calls: string[];
}

interface FakeCommand {
  readonly input: Readonly<Record<string, unknown>>;
  readonly constructor: { readonly name: string };
}

export function fakeAws(
  answers: Answers,
  probe: (request: ProbeRequest, region: string) => ProbeReply<unknown> | Promise<never>,
  dark: readonly string[] = [],
): FakeAws {
  const made = new Set<string>();
  const calls: string[] = [];
  const send = (region: string) => async (command: FakeCommand) => {
    const name = command.constructor.name.replace(/Command$/, "");
    calls.push(`${region} ${name}`);
    if (dark.includes(region)) return new Promise<never>(() => {});
    if (name === "Invoke") {
      const request = JSON.parse(String(command.input["Payload"])) as ProbeRequest;
      const text = JSON.stringify(await probe(request, region));
      return { Payload: { transformToString: () => text } };
    }
    const answer = answers[name];
    if (!answer) throw new Error(`${name} was not expected`);
    return answer(command.input, region);
  };
  const inRegion = (region: string) => {
    made.add(region);
    const client = { send: send(region), config: {} };
    return { region, rds: client, secretsManager: client, lambda: client, s3: client, sts: client };
  };
  const clients = {
    in: inRegion,
    route53: { send: send("route53") },
    [Symbol.dispose]: () => {},
  } as unknown as AwsClients;
  return { clients, made, calls };
}
