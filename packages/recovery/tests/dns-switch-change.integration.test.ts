import { LambdaClient, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { operator } from "@standby/local-cloud";
import { expect, it } from "vitest";
import { type DeployedPair, deployedPair } from "./support/deployed-pair.ts";
import { startOrderLoad } from "./support/order-load.ts";

const stacks = ["prod-east", "prod-west"] as const;
const firstName = "db.orders.internal";
const secondName = "database.orders.internal";

async function succeeds(pair: DeployedPair, ...words: readonly string[]): Promise<void> {
  const { exitCode, text } = await pair.pulumi(...words);
  expect(exitCode, text).toBe(0);
}

const configure = (pair: DeployedPair, stack: string, path: string, value: string) =>
  succeeds(pair, "config", "set", "--path", path, value, "-s", stack);

const update = (pair: DeployedPair, stack: string) =>
  succeeds(pair, "up", "-s", stack, "--yes", "--skip-preview");

/** The applications read the secret again: they would do so by themselves within the five minutes for which a copy is good. */
async function readSecretAgain({ cloud }: DeployedPair): Promise<void> {
  for (const region of ["us-east-1", "us-west-2"]) {
    const client = new LambdaClient({ region, endpoint: cloud.endpoint, credentials: operator });
    await client.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: "orders-prod-orders-api",
        Description: String(Date.now()),
      }),
    );
    client.destroy();
  }
}

/** As docs/configuration.md says it, "How the name moves". */
async function change(
  pair: DeployedPair,
  to: { readonly dnsSwitch: string; readonly name: string; readonly former: string },
): Promise<void> {
  for (const stack of stacks) await configure(pair, stack, "databaseHostName", to.name);
  await configure(pair, "prod-west", "dnsSwitch", to.dnsSwitch);
  await configure(pair, "prod-west", "record.former", to.former);
  for (const stack of stacks) await update(pair, stack);
  expect(await pair.standby("set-host", to.name)).toMatchObject({ exitCode: 0 });
  await readSecretAgain(pair);
  await succeeds(pair, "config", "rm", "--path", "record.former", "-s", "prod-west");
  const { text } = await pair.pulumi("stack", "--show-urns", "-s", "prod-west");
  for (const urn of formerUrns(text, to.dnsSwitch))
    await succeeds(pair, "state", "unprotect", urn, "-s", "prod-west", "--yes");
  await update(pair, "prod-west");
  for (const stack of stacks) expect(await pair.pending(stack)).toEqual([]);
}

/** What the stack protects of the way that is left. */
const formerUrns = (text: string, dnsSwitch: string): readonly string[] =>
  [...text.matchAll(/urn:pulumi:\S+/g)]
    .map(([urn]) => urn)
    .filter((urn) =>
      dnsSwitch === "health-check"
        ? urn.endsWith("::record") && urn.includes("route53/record")
        : /::switched(-primary|-recovery|-switched)?$/.test(urn) && urn.includes("$aws:"),
    );

it("changes how a deployed pair's name moves, there and back, without a failed request", async () => {
  await using pair = await deployedPair();
  await configure(pair, "prod-west", "dnsSwitch", "health-check");
  await configure(pair, "prod-west", "readOnlyFailover", "true");
  const refused = await pair.pulumi("up", "-s", "prod-west", "--yes", "--skip-preview");
  expect(refused.exitCode).not.toBe(0);
  expect(refused.text).toContain("changes only in normal times");
  await configure(pair, "prod-west", "readOnlyFailover", "false");

  const loads = ["us-east-1", "us-west-2"].map((region) => startOrderLoad(pair.cloud, region));
  try {
    await change(pair, { dnsSwitch: "health-check", name: secondName, former: firstName });
    await change(pair, { dnsSwitch: "record", name: firstName, former: secondName });
  } finally {
    await Promise.all(loads.map((load) => load.stop()));
  }
  for (const { acknowledged, failures } of loads) {
    expect(failures).toBe(0);
    expect(acknowledged.length).toBeGreaterThan(100);
  }
}, 900_000);
