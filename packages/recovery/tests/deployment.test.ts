import { describe, expect, it } from "vitest";
import { findPair, flagsOf, readDeployment } from "../src/deployment.ts";
import type { Engine } from "../src/engine.ts";
import { EngineError } from "../src/engine-errors.ts";
import { UsageError } from "../src/errors.ts";
import type { Project, StackFile } from "../src/project.ts";
import { primaryOutputs, recoveryOutputs } from "./support/outputs.ts";

const stackFile = (stack: string, values: Readonly<Record<string, unknown>>): StackFile => ({
  stack,
  path: `Pulumi.${stack}.yaml`,
  secretsProvider: undefined,
  value: (key) => values[key],
});

const east = stackFile("prod-east", { role: "primary", accountId: "123456789012" });
const west = stackFile("prod-west", {
  role: "recovery",
  primaryStack: "prod-east",
  accountId: "123456789012",
});
const project = (...stackFiles: readonly StackFile[]): Project => ({
  folder: "/nowhere",
  name: "standby",
  stackFiles,
});
const answering = (outputs: unknown) =>
  ({ outputs: async () => outputs }) as Pick<Engine, "outputs">;
const { signal } = new AbortController();

describe("the pair", () => {
  it("is found by the only stack file with the role recovery", () => {
    expect(findPair(project(east, west))).toEqual({ primary: east, recovery: west });
  });

  it.each([
    ["no recovery stack", [east], undefined, /No stack file/],
    ["two recovery stacks", [east, west, stackFile("b", { role: "recovery" })], undefined, /More/],
    ["an unknown name", [east, west], "prod-wset", /no stack file Pulumi\.prod-wset\.yaml/],
    ["the primary's name", [east, west], "prod-east", /the role of prod-east is primary/],
    ["a partner without a file", [west], undefined, /no stack file Pulumi\.prod-east\.yaml/],
  ])("is a usage error with %s", (_, files, named, message) => {
    expect(() => findPair(project(...files), named)).toThrow(message);
    expect(() => findPair(project(...files), named)).toThrow(UsageError);
  });
});

describe("the flags", () => {
  it("are off and unset in files that say nothing", () => {
    expect(flagsOf({ primary: east, recovery: west })).toEqual({
      failover: false,
      readOnlyFailover: false,
      fenced: { primary: false, recovery: false },
      replicateFrom: { primary: undefined, recovery: undefined },
      acceptDataLoss: undefined,
    });
  });

  it.each([true, "true"])("are on when they are %j", (failover) => {
    const recovery = stackFile("prod-west", { failover });
    expect(flagsOf({ primary: east, recovery }).failover).toBe(true);
  });

  it.each(["yes", "", 1])("are an error when they are %j, as for the engine", (failover) => {
    const recovery = stackFile("prod-west", { failover });
    expect(() => flagsOf({ primary: east, recovery })).toThrow(/failover in .* must be/);
  });
});

describe("the deployment", () => {
  const pair = { primary: east, recovery: west };

  it("takes the primary's outputs from the recovery stack's own", async () => {
    const deployment = await readDeployment(pair, answering(recoveryOutputs), signal);
    expect(deployment).toMatchObject({
      primaryRegion: "us-east-1",
      recoveryRegion: "us-west-2",
      primary: primaryOutputs,
      recordTtlSeconds: 30,
    });
  });

  it("takes the objective of the loss as it was deployed, and the program's own where it says none", async () => {
    const recoveryPoint = { maximumLagSeconds: 5, maximumAgeSeconds: 120 };
    const of = async (outputs: object) =>
      (await readDeployment(pair, answering(outputs), signal)).recoveryPoint;
    expect(await of({ ...recoveryOutputs, recoveryPoint })).toEqual(recoveryPoint);
    expect(await of(recoveryOutputs)).toEqual({ maximumLagSeconds: 60, maximumAgeSeconds: 900 });
  });

  it("names every output that is missing", async () => {
    await expect(readDeployment(pair, answering({}), signal)).rejects.toThrow(/zoneId.*primary/);
  });

  it.each(["prod-east", "prod-west"])(
    "is not one whose file %s names another Region than is deployed",
    async (stack) => {
      const moved = stackFile(stack, { accountId: "123456789012", "aws:region": "eu-west-1" });
      const changed =
        stack === "prod-east" ? { ...pair, primary: moved } : { ...pair, recovery: moved };
      const reading = readDeployment(changed, answering(recoveryOutputs), signal);
      await expect(reading).rejects.toThrow(UsageError);
      await expect(reading).rejects.toThrow(/aws:region in .* is not us-/);
    },
  );

  it("says that the backend has no such stack", async () => {
    const failing = {
      outputs: async () => {
        throw new EngineError("…", "error: no stack named 'prod-west' found");
      },
    };
    await expect(readDeployment(pair, failing, signal)).rejects.toThrow(/has no stack prod-west/);
  });

  it("leads to the break-glass page when the state cannot be read", async () => {
    const failing = {
      outputs: async () => {
        throw new EngineError("pulumi stack output failed", "error: connection refused");
      },
    };
    const named = {
      ...pair,
      recovery: stackFile("prod-west", {
        service: "orders-prod",
        accountId: "123456789012",
        "aws:region": "us-west-2",
      }),
    };
    await expect(readDeployment(named, failing, signal)).rejects.toMatchObject({
      message: expect.stringMatching(/state of prod-west cannot be read.*connection refused/s),
      next: expect.arrayContaining([
        expect.stringContaining(
          "aws s3 cp s3://orders-prod-recovery-123456789012-us-west-2/break-glass.md",
        ),
      ]),
    });
  });
});
