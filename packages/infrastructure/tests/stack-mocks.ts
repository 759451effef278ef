import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { vi } from "vitest";
import type { Refusal } from "../src/refusal.ts";

/** A resource as the program declared it. */
export interface DeclaredResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly options: DeclaredOptions;
}

export interface DeclaredOptions {
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly retainOnDelete: boolean;
  readonly createTimeout: string | undefined;
  readonly dependsOn: readonly string[];
}

/** A database that the RDS API shows. */
export interface LiveDatabase {
  readonly identifier: string;
  readonly sourceArn?: string;
  readonly username?: string;
  readonly databaseName?: string;
}

export interface World {
  readonly stack: "prod-east" | "prod-west";
  readonly config: Readonly<Record<string, string>>;
  readonly databases?: readonly LiveDatabase[];
  /** What the post-condition sees, asked after the database's update: by default what was observed before. */
  readonly sourceAfterUpdate?: string;
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly account?: string;
  readonly dryRun?: boolean;
  /** The bundle is there unless told otherwise. */
  readonly bundleRefusals?: readonly Refusal[];
}

export interface Run {
  readonly resources: readonly DeclaredResource[];
  readonly calls: readonly string[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The one resource of this type and name. */
  resource(type: string, name: string): DeclaredResource;
  ofType(type: string): readonly DeclaredResource[];
}

export const account = "123456789012";
const secretSignature = "4dabf18193072939515e22adb298388d";

/** Removes the marks of secret values, so that inputs can be compared. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (secretSignature in value && "value" in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}

export const isMarkedSecret = (value: unknown): boolean =>
  typeof value === "object" && value !== null && secretSignature in value;

/** What the program did before it ended, and how it ended. */
interface Ending {
  readonly declared: readonly DeclaredResource[];
  readonly calls: readonly string[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly errors: readonly Error[];
}

/** Runs the whole program against this world, to its good end. */
export async function run(world: World): Promise<Run> {
  const { declared, calls, outputs, errors } = await runToTheEnd(world);
  if (errors[0]) throw errors[0];
  return {
    resources: declared,
    calls,
    outputs,
    ofType: (type) => declared.filter((resource) => resource.type === type),
    resource: (type, name) => {
      const [found, ...others] = declared.filter(
        (resource) => resource.type === type && resource.name === name,
      );
      if (!found || others.length > 0) throw new Error(`not exactly one ${type} named ${name}`);
      return found;
    },
  };
}

/** Runs a program that has to fail: the messages that the engine would print, and what was declared all the same. */
export async function failure(
  world: World,
): Promise<{ readonly message: string; readonly resources: readonly DeclaredResource[] }> {
  const { declared, errors } = await runToTheEnd(world);
  if (errors.length === 0) throw new Error("the program did not fail");
  return {
    message: [...new Set(errors.map(({ message }) => message))].join("\n"),
    resources: declared,
  };
}

/**
 * The engine's language host prints what nobody catches and ends the run; here it is collected. Vitest's own handlers wait meanwhile,
 * as they would fail the test.
 */
async function runToTheEnd(world: World): Promise<Ending> {
  const errors: Error[] = [];
  const collect = (reason: unknown) => {
    errors.push(reason instanceof Error ? reason : new Error(String(reason)));
  };
  const waiting = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", collect);
  const declared: DeclaredResource[] = [];
  const calls: string[] = [];
  let outputs: Readonly<Record<string, unknown>> = {};
  try {
    vi.resetModules();
    vi.doMock("../src/function-bundle.ts", () => ({
      ordersApiBundle: () => "../../apps/orders-api/dist/bundle",
      bundleRefusals: () => world.bundleRefusals ?? [],
    }));
    await mockEngine(world, declared, calls);
    const program: Program = await import("../src/index.ts");
    outputs = await resolved(program.default);
  } catch (error) {
    collect(error);
  } finally {
    await pulumi.runtime.disconnect();
    // Unhandled rejections are reported after the microtasks.
    await new Promise((resolve) => setImmediate(resolve));
    process.removeListener("unhandledRejection", collect);
    for (const listener of waiting) process.on("unhandledRejection", listener);
  }
  return { declared, calls, outputs, errors };
}

interface Program {
  readonly default: Readonly<Record<string, pulumi.Input<unknown>>>;
}

const resolved = (exported: Program["default"]): Promise<Readonly<Record<string, unknown>>> =>
  new Promise((resolve) => pulumi.output(exported).apply((values) => resolve(plainRecord(values))));

const plainRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  plain(value) as Readonly<Record<string, unknown>>;

async function mockEngine(
  world: World,
  declared: DeclaredResource[],
  calls: string[],
): Promise<void> {
  const region = world.config["aws:region"] ?? "";
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (type === "pulumi:pulumi:StackReference")
          return { id: name, state: { ...inputs, outputs: world.outputs?.[name] ?? {} } };
        const computed = computedOutputs(type, name, plainRecord(inputs), region);
        return { id: `${name}-id`, state: { ...inputs, ...computed } };
      },
      call: ({ token, inputs }) => {
        calls.push(token);
        const updated = declared.some(({ type }) => type === "aws:rds/instance:Instance");
        return answer(world, token, plainRecord(inputs), region, updated);
      },
    },
    "standby",
    world.stack,
    world.dryRun ?? false,
    "organization",
  );
  pulumi.runtime.setAllConfig({ ...world.config });
  record = (resource) => declared.push(resource);
}

let record: (resource: DeclaredResource) => void = () => undefined;

/** Options are no part of a mock's arguments: they are read from the request that would go to the engine. */
const register = MockMonitor.prototype.registerResource;
MockMonitor.prototype.registerResource = function (request, callback) {
  if (request.getCustom())
    record({
      type: request.getType(),
      name: request.getName(),
      inputs: request.getObject()?.toJavaScript() ?? {},
      options: {
        protect: request.getProtect() ?? false,
        ignoreChanges: request.getIgnorechangesList(),
        retainOnDelete: request.getRetainondelete() ?? false,
        createTimeout: request.getCustomtimeouts()?.getCreate() || undefined,
        dependsOn: request.getDependenciesList(),
      },
    });
  return register.call(this, request, callback);
};

const hash = { "us-east-1": "ceast1", "us-west-2": "cwest2" };

export const addressOf = (identifier: string, region: string): string =>
  `${identifier}.${hash[region as keyof typeof hash]}.${region}.rds.amazonaws.com`;

export const databaseArn = (identifier: string, region: string): string =>
  `arn:aws:rds:${region}:${account}:db:${identifier}`;

/** What AWS adds to a resource. A type that is not here has nothing but its id. */
function computedOutputs(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
  stackRegion: string,
): Readonly<Record<string, unknown>> {
  const region = String(inputs["region"] ?? stackRegion);
  const identifier = String(inputs["identifier"]);
  const outputs: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
    "aws:rds/instance:Instance": () => ({
      arn: databaseArn(identifier, region),
      address: addressOf(identifier, region),
      port: 3306,
    }),
    "aws:rds/subnetGroup:SubnetGroup": () => ({ name: `${name}-1a2b3c4` }),
    "aws:rds/parameterGroup:ParameterGroup": () => ({ name: `${name}-1a2b3c4` }),
    "aws:secretsmanager/secret:Secret": () => ({
      arn: `arn:aws:secretsmanager:${region}:${account}:secret:${inputs["name"]}-AbCdEf`,
    }),
    "aws:kms/key:Key": () => ({ arn: `arn:aws:kms:${region}:${account}:key/${name}` }),
    "aws:route53/zone:Zone": () => ({ zoneId: "Z123", primaryNameServer: "ns-0.awsdns-00.com" }),
    "aws:iam/role:Role": () => ({ arn: `arn:aws:iam::${account}:role/${inputs["name"]}` }),
    "aws:cloudwatch/logGroup:LogGroup": () => ({
      arn: `arn:aws:logs:${region}:${account}:log-group:${inputs["name"]}`,
    }),
  };
  return outputs[type]?.() ?? {};
}

/** The invokes that a program may make. Any other one is a mistake, and fails the run. */
function answer(
  world: World,
  token: string,
  inputs: Readonly<Record<string, unknown>>,
  region: string,
  updated: boolean,
): Record<string, unknown> {
  if ("region" in inputs) throw new Error(`${token} asks another Region`);
  const live = world.databases ?? [];
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: world.account ?? account };
    case "aws:rds/getInstances:getInstances":
      return { instanceIdentifiers: live.map(({ identifier }) => identifier) };
    case "aws:rds/getInstance:getInstance": {
      const identifier = String(inputs["dbInstanceIdentifier"]);
      const database = live.find((candidate) => candidate.identifier === identifier);
      if (!database) throw new Error(`reading RDS DB Instance (${identifier}): not found`);
      const source = updated ? world.sourceAfterUpdate : database.sourceArn;
      return {
        dbInstanceArn: databaseArn(identifier, region),
        address: addressOf(identifier, region),
        replicateSourceDb: source ?? "",
        masterUsername: database.username ?? "orders_admin",
        dbName: database.databaseName ?? "orders",
      };
    }
    default:
      throw new Error(`unexpected invoke of ${token}`);
  }
}
