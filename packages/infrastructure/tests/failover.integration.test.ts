import { readdirSync, readFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { statusAt } from "./support/function-address.ts";
import { deployPair, east, mutating, type Pair, west } from "./support/pair.ts";

const instance = "aws:rds/instance:Instance";
const record = "aws:route53/record:Record";

describe("the pair on the real engine", () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await deployPair();
  });
  afterAll(async () => {
    await pair?.[Symbol.asyncDispose]();
  });

  it("has nothing left to do after the three updates of a first deployment", async () => {
    expect(await pair.preview("prod-east")).toEqual([]);
    expect(await pair.preview("prod-west")).toEqual([]);
    expect(await pair.recordTarget()).toBe(east);
  });

  it.each([
    ["prod-east", "us-east-1"],
    ["prod-west", "us-west-2"],
  ])(
    "answers callers who sign at the address of %s's function, and no others",
    async (stack, region) => {
      const { exitCode, text } = await pair.pulumi("stack", "output", "functionUrl", "-s", stack);
      expect(exitCode, text).toBe(0);
      expect(text).toContain(`.lambda-url.${region}.on.aws/`);
      expect(await statusAt(pair.cloud, text.trim(), region, true)).toBe(200);
      expect(await statusAt(pair.cloud, text.trim(), region, false)).toBe(403);
    },
  );

  it("plans one update for a read-only failover and comes back from it without promoting anything", async () => {
    await pair.setFlag("readOnlyFailover", true);
    expect(await pair.preview("prod-west")).toEqual([
      { operation: "update", type: record, changed: ["records"] },
    ]);
    expect((await pair.pulumi("up", "-s", "prod-west", "--yes", "--skip-preview")).exitCode).toBe(
      0,
    );
    await expect.poll(pair.recordTarget, { timeout: 10_000 }).toBe(west);
    await pair.setFlag("readOnlyFailover", false);
    expect((await pair.pulumi("up", "-s", "prod-west", "--yes", "--skip-preview")).exitCode).toBe(
      0,
    );
    await expect.poll(pair.recordTarget, { timeout: 10_000 }).toBe(east);
    expect(pair.operations()).not.toContain("rds:PromoteReadReplica");
  });

  it("plans exactly two updates for the flag: the instance loses its source, the record gets a new target", async () => {
    await pair.setFlag("failover", true);
    expect(await pair.preview("prod-west")).toEqual([
      { operation: "update", type: instance, changed: ["replicateSourceDb", "tags", "tagsAll"] },
      { operation: "update", type: record, changed: ["records"] },
    ]);
  });

  it("does not move the record when the promotion is refused, nor with the plain update after it", async () => {
    pair.cloud.addFault({
      service: "rds",
      operation: "PromoteReadReplica",
      kind: "refuse",
      errorCode: "InvalidDBInstanceState",
      times: 1,
    });
    expect(
      (await pair.pulumi("up", "-s", "prod-west", "--yes", "--skip-preview")).exitCode,
    ).not.toBe(0);
    expect(await pair.recordTarget()).toBe(east);

    // The state now says that the promotion happened: without the question to RDS this update would be green and move the record.
    const second = await pair.pulumi("up", "-s", "prod-west", "--yes", "--skip-preview");
    expect(second.exitCode).not.toBe(0);
    expect(await pair.recordTarget()).toBe(east);
    expect(second.text).toMatch(
      /error: The CNAME was not moved: orders-prod-1 is still a read replica\..*\n\s+next: pulumi refresh -s prod-west --yes --target '\S+::database-1' && pulumi up -s prod-west/,
    );
    expect(second.text).not.toMatch(/serializing|PromiseRejection|unhandled/i);
  });

  it("does not move the record when RDS accepts the promotion and does not carry it out", async () => {
    pair.cloud.addFault({
      service: "rds",
      operation: "PromoteReadReplica",
      kind: "fail-later",
      times: 2,
    });
    await pair.pulumi("refresh", "-s", "prod-west", "--yes", "--skip-preview");
    const first = await pair.pulumi("up", "-s", "prod-west", "--yes", "--skip-preview");
    const second = await pair.pulumi("up", "-s", "prod-west", "--yes", "--skip-preview");
    expect([first.exitCode, second.exitCode]).not.toContain(0);
    expect(await pair.recordTarget()).toBe(east);
  });

  it("promotes before it moves the record, with us-east-1 lost, and asks nothing of us-east-1 but Route 53", async () => {
    await pair.pulumi("refresh", "-s", "prod-west", "--yes", "--skip-preview");
    await pair.cloud.lose("us-east-1", "hang");
    const after = pair.cloud.lastLoss ?? 0;
    const run = await pair.pulumi("up", "-s", "prod-west", "--yes", "--skip-preview");
    expect(run).toMatchObject({ exitCode: 0 });
    await expect.poll(pair.recordTarget, { timeout: 10_000 }).toBe(west);

    const operations = pair.operations({ after });
    const promotion = operations.indexOf("rds:PromoteReadReplica");
    const move = operations.indexOf("route53:ChangeResourceRecordSets");
    expect(promotion).toBeGreaterThanOrEqual(0);
    expect(move).toBeGreaterThan(promotion);
    const touched = pair.cloud.calls({ region: "us-east-1", after }).map(({ service }) => service);
    expect([...new Set(touched)]).toEqual(["route53"]);
  });

  it("changes nothing when the same update is typed again", async () => {
    expect(await pair.preview("prod-west")).toEqual([]);
  });

  it("refuses to go back to the database that was failed away from, and leaves everything as it is", async () => {
    const before = await pair.state("prod-west");
    await pair.setFlag("failover", false);
    const after = pair.cloud.calls().length;
    const run = await pair.pulumi("up", "-s", "prod-west", "--yes", "--skip-preview");
    expect(run.exitCode).not.toBe(0);
    expect(run.text).toContain("failover");
    expect(await pair.state("prod-west")).toEqual(before);
    expect(mutating(pair.operations({ after }))).toEqual([]);
    expect(await pair.recordTarget()).toBe(west);
  });

  it("shows the password nowhere: not in outputs, state, engine logs, files of functions or process lists", async () => {
    const password = await currentPassword(pair);
    expect(password).toHaveLength(32);
    for (const stack of ["prod-east", "prod-west"])
      for (const words of [
        ["stack", "output", "--json"],
        ["stack", "export"],
        ["preview", "--json"],
        ["history", "--json"],
      ])
        await pair.pulumi(...words, "-s", stack);
    expect(pair.transcript.filter((text) => text.includes(password))).toEqual([]);
    expect(await filesWith(password, pair.cloud.folder)).toEqual([]);
    expect(processesWith(password)).toEqual([]);
  });

  it("would notice: the search finds a password that lies in a file of the cloud's folder", async () => {
    const password = await currentPassword(pair);
    const file = join(pair.cloud.folder, "planted");
    await writeFile(file, `{"password":"${password}"}`);
    expect(await filesWith(password, pair.cloud.folder)).toEqual([file]);
  });
});

async function currentPassword({ cloud }: Pair): Promise<string> {
  const client = new SecretsManagerClient({
    region: "us-west-2",
    endpoint: cloud.endpoint,
    credentials: {
      accessKeyId: cloud.environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: cloud.environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
  });
  const { SecretString = "" } = await client.send(
    new GetSecretValueCommand({ SecretId: "orders-prod/database" }),
  );
  client.destroy();
  return (JSON.parse(SecretString) as { password: string }).password;
}

/** The databases' own files are left out: there it is kept, as a hash. */
async function filesWith(text: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(folder, "databases")))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.endsWith("/bin/pulumi"));
  const found = await Promise.all(files.map(async (file) => (await readFile(file)).includes(text)));
  return files.filter((_file, index) => found[index]);
}

const processesWith = (text: string): readonly string[] =>
  readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
    } catch {
      return false;
    }
  });
