import { beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "../src/clock.ts";
import { RefusedError, UnconfirmedError, UsageError } from "../src/errors.ts";
import type { Observation } from "../src/observation.ts";
import type { AwsClients } from "../src/region-clients.ts";
import type { Session } from "../src/session.ts";
import { setHost } from "../src/set-host.ts";
import { deployment, observation } from "./support/observation.ts";

const cname = "db.orders.internal";
const secretText = {
  engine: "mysql",
  host: "orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com",
  port: "3306",
  username: "orders_admin",
  password: "hunter2-hunter2",
  dbname: "orders",
  masterarn: "something that this program does not know",
};

/** Secrets Manager of one secret: labels and texts by version. */
class FakeSecret {
  readonly texts = new Map([["v1", JSON.stringify(secretText)]]);
  readonly labels = new Map([["AWSCURRENT", "v1"]]);
  /** Somebody else's rotation, just before AWSCURRENT is asked to move. */
  interruptMove = false;
  readonly calls: string[] = [];

  async send(command: {
    readonly input: Readonly<Record<string, unknown>>;
    readonly constructor: { readonly name: string };
  }): Promise<unknown> {
    const { input } = command;
    const name = command.constructor.name.replace(/Command$/, "");
    this.calls.push(name);
    if (name === "GetSecretValue") {
      const versionId = this.labels.get(String(input["VersionStage"])) ?? "";
      return { SecretString: this.texts.get(versionId), VersionId: versionId };
    }
    if (name === "PutSecretValue") {
      const versionId = String(input["ClientRequestToken"]);
      this.texts.set(versionId, String(input["SecretString"]));
      for (const label of input["VersionStages"] as string[]) this.labels.set(label, versionId);
      return { VersionId: versionId };
    }
    return this.#move(input);
  }

  #move(input: Readonly<Record<string, unknown>>): object {
    const label = String(input["VersionStage"]);
    if (label === "AWSCURRENT" && this.interruptMove) this.labels.set("AWSCURRENT", "v-rotated");
    if (this.labels.get(label) !== input["RemoveFromVersionId"])
      throw Object.assign(new Error("not there"), { name: "InvalidParameterException" });
    if (input["MoveToVersionId"] === undefined) this.labels.delete(label);
    else this.labels.set(label, String(input["MoveToVersionId"]));
    return {};
  }

  get current(): string {
    return this.texts.get(this.labels.get("AWSCURRENT") ?? "") ?? "";
  }
}

let secret: FakeSecret;
let observed: Observation;
const session = (): Session =>
  ({
    deployment,
    store: undefined,
    observe: async () => observed,
    clients: { in: () => ({ secretsManager: secret }) } as unknown as AwsClients,
  }) as unknown as Session;

let time = 0;
const clock: Clock = {
  now: () => time,
  async sleep(milliseconds) {
    time += milliseconds;
  },
};
const { signal } = new AbortController();
const run = (host = cname) => setHost(session(), host, signal, clock);

beforeEach(() => {
  secret = new FakeSecret();
  observed = observation();
  time = 0;
});

it("changes the host and keeps every other field, known or not, in order and form", async () => {
  const result = await run();
  expect(result).toMatchObject({ changed: true, host: cname });
  expect(secret.current).toBe(JSON.stringify({ ...secretText, host: cname }));
});

it("leaves no label of its own behind", async () => {
  await run();
  expect([...secret.labels.keys()]).toEqual(["AWSCURRENT"]);
});

it("writes nothing when the host is the CNAME already", async () => {
  secret.texts.set("v1", JSON.stringify({ ...secretText, host: cname }));
  expect(await run()).toMatchObject({ changed: false, versionId: "v1" });
  expect(secret.calls).toEqual(["GetSecretValue"]);
});

it("does not undo a rotation that comes in between", async () => {
  secret.interruptMove = true;
  await expect(run()).rejects.toThrow(RefusedError);
  expect(secret.labels.get("AWSCURRENT")).toBe("v-rotated");
  expect([...secret.labels.keys()]).toEqual(["AWSCURRENT"]);
});

describe("it refuses, before it asks for the value,", () => {
  it.each([
    ["an RDS endpoint", "orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com"],
    ["another name", "db.elsewhere.internal"],
  ])("%s", async (_, host) => {
    await expect(run(host)).rejects.toThrow(UsageError);
    expect(secret.calls).toEqual([]);
  });

  it.each([
    ["while the primary Region is dark", () => observation({ east: "dark" })],
    ["during a rotation", () => observation({ eastSecret: { pendingVersionId: "v2" } })],
    ["a secret that is marked for deletion", () => observation({ eastSecret: { deleted: true } })],
  ])("%s", async (_, seenNow) => {
    observed = seenNow();
    await expect(run()).rejects.toThrow(RefusedError);
    expect(secret.calls).toEqual([]);
  });
});

it("says that it is not confirmed when the other Region's copy does not follow", async () => {
  observed = observation({ westSecret: { versionId: "v0" } });
  await expect(run()).rejects.toThrow(UnconfirmedError);
  expect(JSON.parse(secret.current)).toMatchObject({ host: cname });
});

it.each(["not json hunter2-hunter2", '["hunter2-hunter2"]'])(
  "refuses a value that is no object and shows nothing of it: %s",
  async (text) => {
    secret.texts.set("v1", text);
    const error = await run().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RefusedError);
    expect(JSON.stringify(error) + String(error)).not.toContain("hunter2");
  },
);
