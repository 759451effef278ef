import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { vi } from "vitest";
import type { Refusal } from "../src/refusal.ts";
import { answer, computedOutputs } from "./mock-aws.ts";

/** A resource as the program declared it. */
export interface DeclaredResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly options: DeclaredOptions;
}

interface DeclaredOptions {
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly retainOnDelete: boolean;
  readonly createTimeout: string | undefined;
  readonly dependsOn: readonly string[];
  /** Id of the resource that is taken into the state as it is. */
  readonly importId: string | undefined;
}

/** A database that the RDS API shows. */
export interface LiveDatabase {
  readonly identifier: string;
  readonly sourceArn?: string;
  readonly username?: string;
  readonly databaseName?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Somebody else's: without the tag of the service. */
  readonly untagged?: true;
  readonly engine?: string;
  readonly storageEncrypted?: boolean;
  readonly backupRetentionDays?: number;
  readonly passwordManagedByRds?: true;
}

/** A secret that Secrets Manager shows, a copy or not. */
export interface LiveSecret {
  readonly name: string;
  /** The Region of its primary, for a copy. */
  readonly copiedFrom?: string;
  /** The tag of the service that this program made it for. */
  readonly service?: string;
  readonly keyId?: string;
  readonly value?: string;
}

export interface World {
  readonly stack: "prod-east" | "prod-west";
  readonly config: Readonly<Record<string, string>>;
  readonly databases?: readonly LiveDatabase[];
  /** What the primary Region shows, for the one update of the recovery stack that asks there. */
  readonly primaryDatabases?: readonly LiveDatabase[];
  /** What the post-condition sees, asked after the database's update: by default what was observed before. */
  readonly sourceAfterUpdate?: string;
  /** What the engine makes of the database as it is declared: the source that it has afterwards. */
  readonly updateDatabase?: (declared: DeclaredResource) => string | undefined;
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The URL of the state's backend. */
  readonly backendUrl?: string;
  readonly account?: string;
  /** By Region. */
  readonly secrets?: Readonly<Record<string, readonly LiveSecret[]>>;
  /** What Secrets Manager says of the copies, by the name of the look at them: in sync as declared unless told otherwise. */
  readonly copies?: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
  /** The zone that exists. */
  readonly zone?: { readonly name: string; readonly privateZone: boolean };
  /** What the zone holds. */
  readonly records?: readonly {
    readonly name: string;
    readonly values: readonly string[];
    readonly type?: string;
    readonly ttlSeconds?: number;
    readonly setIdentifier?: string;
  }[];
  /** The text of the probe's record: of the newest database, a moment ago, without lag, unless told otherwise. */
  readonly replicationRecord?: string | null;
  readonly dryRun?: boolean;
  /** The bundle is there unless told otherwise. */
  readonly bundleRefusals?: readonly Refusal[];
}

export interface Run {
  readonly resources: readonly DeclaredResource[];
  readonly calls: readonly string[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  /** The one resource of this type and name. */
  resource(type: string, name: string): DeclaredResource;
  ofType(type: string): readonly DeclaredResource[];
}

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
  readonly warnings: readonly string[];
  readonly errors: readonly Error[];
}

/** Runs the whole program against this world, to its good end. */
export async function run(world: World): Promise<Run> {
  const { declared, calls, outputs, warnings, errors } = await runToTheEnd(world);
  if (errors[0]) throw errors[0];
  return {
    resources: declared,
    calls,
    outputs,
    warnings,
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
): Promise<
  Pick<Ending, "calls" | "outputs"> & Pick<Run, "resources"> & { readonly message: string }
> {
  const { declared, calls, outputs, errors } = await runToTheEnd(world);
  if (errors.length === 0) throw new Error("the program did not fail");
  return {
    message: [...new Set(errors.map(({ message }) => message))].join("\n"),
    resources: declared,
    calls,
    outputs,
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
  const warnings: string[] = [];
  const warn = vi.spyOn(pulumi.log, "warn").mockImplementation(async (message) => {
    warnings.push(message);
  });
  let outputs: Readonly<Record<string, unknown>> = {};
  try {
    vi.resetModules();
    vi.doMock("../src/function-bundle.ts", () => ({
      bundleOf: (app: string) => `../../apps/${app}/dist/bundle`,
      bundleRefusals: () => world.bundleRefusals ?? [],
    }));
    await mockEngine(world, declared, calls);
    const program: Program = await import("../src/index.ts");
    outputs = await resolved(program.default);
  } catch (error) {
    collect(error);
  } finally {
    await pulumi.runtime.disconnect();
    warn.mockRestore();
    // Unhandled rejections are reported after the microtasks.
    await new Promise((resolve) => setImmediate(resolve));
    process.removeListener("unhandledRejection", collect);
    for (const listener of waiting) process.on("unhandledRejection", listener);
  }
  return { declared, calls, outputs, warnings, errors };
}

interface Program {
  readonly default: Readonly<Record<string, pulumi.Input<unknown>>>;
}

const resolved = (exported: Program["default"]): Promise<Readonly<Record<string, unknown>>> =>
  new Promise((resolve, reject) => {
    const outputs = pulumi.output(exported).apply((values) => resolve(plainRecord(values)));
    // An output that fails never applies: its promise, which the engine's host awaits, rejects.
    (outputs as unknown as { promise(): Promise<unknown> }).promise().catch(reject);
  });

const plainRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  plain(value) as Readonly<Record<string, unknown>>;

async function mockEngine(
  world: World,
  declared: DeclaredResource[],
  calls: string[],
): Promise<void> {
  const region = world.config["aws:region"] ?? "";
  vi.stubEnv("PULUMI_BACKEND_URL", world.backendUrl ?? "file:///nowhere");
  let sourceAfterUpdate = world.sourceAfterUpdate;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        if (type === "pulumi:pulumi:StackReference")
          return { id: name, state: { ...inputs, outputs: world.outputs?.[name] ?? {} } };
        // An id is given for what is read, or imported, and not made.
        if (type === "aws:secretsmanager/secret:Secret" && id && name !== "secret")
          return { id, state: { replicas: copiesOf(world, name, declared) } };
        const computed = computedOutputs(type, name, plainRecord(inputs), region);
        return { id: `${name}-id`, state: { ...inputs, ...computed } };
      },
      call: ({ token, inputs }) => {
        calls.push(token);
        const updated = declared.some(({ type }) => type === "aws:rds/instance:Instance");
        const now = { ...world, ...(sourceAfterUpdate ? { sourceAfterUpdate } : {}) };
        return answer(now, token, plainRecord(inputs), region, updated);
      },
    },
    "standby",
    world.stack,
    world.dryRun ?? false,
    "organization",
  );
  pulumi.runtime.setAllConfig({ ...world.config });
  record = (resource) => {
    declared.push(resource);
    if (resource.type === "aws:rds/instance:Instance")
      sourceAfterUpdate = world.updateDatabase?.(resource) ?? sourceAfterUpdate;
  };
}

function copiesOf(
  { copies }: World,
  look: string,
  declared: readonly DeclaredResource[],
): readonly unknown[] {
  const told = copies?.[look];
  if (told) return told;
  const secret = declared.find(({ type }) => type === "aws:secretsmanager/secret:Secret");
  const replicas = (secret?.inputs["replicas"] ?? []) as readonly object[];
  return replicas.map((replica) => ({ ...replica, status: "InSync", statusMessage: "" }));
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
        importId: request.getImportid() || undefined,
      },
    });
  return register.call(this, request, callback);
};
