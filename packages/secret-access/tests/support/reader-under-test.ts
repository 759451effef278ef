import { afterEach } from "vitest";
import {
  type AccessEvent,
  accessEvents,
  asText,
  type SecretDecoder,
  SecretReader,
  type SecretTimes,
} from "../../src/index.ts";
import { FakeSecrets } from "./fake-secrets.ts";

export const minute = 60_000;
export const events: AccessEvent[] = [];
/** Puts every event into `events`. */
export const listen = (message: unknown) => {
  events.push(message as AccessEvent);
};

/** Events from here to the end of the test. */
export const listenToEvents = (): void => accessEvents.subscribe(listen);

afterEach(() => {
  accessEvents.unsubscribe(listen);
  events.length = 0;
});

const awsError = (name: string) => Object.assign(new Error(`${name} said so`), { name });
export const code = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: { readonly code?: unknown }) => error.code,
  );

/** A reader with a Secrets Manager and a clock of its own. */
export function setUp<Value = string>(
  decode: SecretDecoder<Value> = asText as SecretDecoder<Value>,
  times: Partial<SecretTimes> = {},
) {
  const secrets = new FakeSecrets();
  secrets.put("v1", ["AWSCURRENT"], "first");
  const clock = { now: 1_800_000_000_000 };
  const reader = new SecretReader<Value>({
    secretId: secrets.arn,
    region: "us-west-2",
    decode,
    client: secrets.client,
    times: { timeToLiveMillis: minute, maximumStaleMillis: 60 * minute, ...times },
    now: () => clock.now,
  });
  return { secrets, clock, reader };
}

export const fail = (name: string) => () => Promise.reject(awsError(name));
