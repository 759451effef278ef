import { dnsSwitchEnvironment } from "@standby/topology";

/** Which Region the name is to lead to, and whose name it is. */
export interface Choice {
  readonly service: string;
  readonly namedRegion: string;
  readonly isRecoveryRegion: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The function's one value. It stands in the function's own environment, so that a late try of an old call publishes what is wanted
 * now, and nothing else has to be reached to know it.
 *
 * @throws Error when it names neither Region of the pair: then nothing is published, and the name stays where it is
 */
export function readChoice(environment: Environment): Choice {
  const { namedRegion, primaryRegion, service } = dnsSwitchEnvironment;
  const named = required(environment, namedRegion);
  const isRecoveryRegion = named === required(environment, "AWS_REGION");
  if (!isRecoveryRegion && named !== required(environment, primaryRegion))
    throw new Error(
      `${namedRegion} names neither Region of the pair: set it to one of them, or run pulumi up on the recovery stack.`,
    );
  return { service: required(environment, service), namedRegion: named, isRecoveryRegion };
}

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (value) return value;
  throw new Error(`${name} is not set: run pulumi up on the recovery stack.`);
}
