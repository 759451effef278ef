import { expect, it } from "vitest";
import type { Conversation } from "../src/conversation.ts";
import { RefusedError } from "../src/errors.ts";
import { readThroughApplication } from "../src/live-drill/application-read.ts";
import { liveDrill } from "../src/live-drill.ts";
import type { RegionClients } from "../src/region-clients.ts";
import type { Session } from "../src/session.ts";
import { deployment } from "./support/observation.ts";

const signal = new AbortController().signal;

it("asks nothing of the pair when the person says no", async () => {
  const asked: string[] = [];
  const session = new Proxy(
    { deployment },
    {
      get: (target, name) => (name === "deployment" ? target.deployment : asked.push(String(name))),
    },
  ) as unknown as Session;
  const conversation = { confirm: async () => false } as unknown as Conversation;
  await expect(liveDrill(session, { signal, conversation })).rejects.toThrow(RefusedError);
  expect(asked).toEqual([]);
});

const answering = (answer: object, sent: unknown[] = []) =>
  ({
    lambda: {
      send: async ({ input }: { readonly input: { readonly Payload: string } }) => {
        sent.push(JSON.parse(input.Payload));
        return { Payload: { transformToString: () => JSON.stringify(answer) } };
      },
    },
  }) as unknown as Pick<RegionClients, "lambda">;

it("asks the application for its state by GET, and for nothing else", async () => {
  const sent: unknown[] = [];
  const body = JSON.stringify({
    secret: { versionId: "v1" },
    database: { target: "a.example", role: "replica" },
  });
  const read = await readThroughApplication(
    answering({ statusCode: 200, body }, sent),
    deployment.recovery,
    signal,
  );
  expect(read).toEqual({ target: "a.example", role: "replica", secretVersionId: "v1" });
  expect(sent).toMatchObject([{ rawPath: "/health", requestContext: { http: { method: "GET" } } }]);
});

it("does not take an answer that is an error for a read", async () => {
  await expect(
    readThroughApplication(answering({ statusCode: 503 }), deployment.recovery, signal),
  ).rejects.toThrow(/us-west-2 answered 503/);
});
