import { expect, it } from "vitest";
import { ProbeClient, ProbeCrashError } from "../src/probe-client.ts";

const { signal } = new AbortController();
const probeThatAnswers = (text: string, functionError?: string) => {
  const sent: unknown[] = [];
  const lambda = {
    send: async (command: { readonly input: unknown }) => {
      sent.push(command.input);
      return {
        Payload: { transformToString: () => text },
        ...(functionError === undefined ? {} : { FunctionError: functionError }),
      };
    },
  };
  return { probe: new ProbeClient(lambda as never, "us-west-2", "orders-prod-probe"), sent };
};

it("sends the question and gives the answer", async () => {
  const { probe, sent } = probeThatAnswers('{"ok":true,"answer":{"target":"a","ttlSeconds":5}}');
  const reply = await probe.ask({ ask: "resolve", host: "db.orders.internal" }, signal);
  expect(reply).toEqual({ ok: true, answer: { target: "a", ttlSeconds: 5 } });
  expect(sent).toEqual([
    {
      FunctionName: "orders-prod-probe",
      Payload: '{"ask":"resolve","host":"db.orders.internal"}',
    },
  ]);
});

it("gives a failure that the probe found as data", async () => {
  const { probe } = probeThatAnswers('{"ok":false,"failure":{"code":"timeout","message":"m"}}');
  expect(await probe.ask({ ask: "secret" }, signal)).toMatchObject({ ok: false });
});

it.each([
  ["an error of the function", '{"errorMessage":"hunter2"}', "Unhandled"],
  ["another form", '{"hello":"hunter2"}', undefined],
  ["no JSON", "hunter2", undefined],
])("throws for %s, without what it printed", async (_, text, functionError) => {
  const { probe } = probeThatAnswers(text, functionError);
  const error = await probe.ask({ ask: "secret" }, signal).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ProbeCrashError);
  expect(String(error)).not.toContain("hunter2");
});
