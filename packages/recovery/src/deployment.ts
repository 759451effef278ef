import {
  type DatabaseOutput,
  defaultRecoveryPoint,
  recoveryBucketName,
  type StackOutputs,
} from "@standby/topology";
import type { Engine } from "./engine.ts";
import { EngineError } from "./engine-errors.ts";
import { RecoveryError, UsageError } from "./errors.ts";
import type { Deployment } from "./observation.ts";
import type { Project, StackFile } from "./project.ts";

/** The pair's two stack files. */
export interface StackPair {
  readonly primary: StackFile;
  readonly recovery: StackFile;
}

/**
 * The recovery stack: the one that is named, or the only one with `role: recovery`. The other one is named in its file.
 *
 * @throws UsageError that names the stack files and keys
 */
export function findPair({ stackFiles }: Project, named?: string): StackPair {
  const recovery = named === undefined ? onlyRecovery(stackFiles) : byName(stackFiles, named);
  const role = recovery.value("role");
  if (role !== "recovery")
    throw new UsageError(
      `-s names the recovery stack, and the role of ${recovery.stack} is ${role === "primary" ? "primary" : "missing"}.`,
      recoveryStacks(stackFiles).map(({ stack }) => `-s ${stack}`),
    );
  const primaryName = recovery.value("primaryStack");
  if (typeof primaryName !== "string" || primaryName === "")
    throw new UsageError(`primaryStack is missing in ${recovery.path}.`, [
      `pulumi config set primaryStack <stack> -s ${recovery.stack}`,
    ]);
  return { recovery, primary: byName(stackFiles, primaryName) };
}

const recoveryStacks = (files: readonly StackFile[]): readonly StackFile[] =>
  files.filter((file) => file.value("role") === "recovery");

function onlyRecovery(files: readonly StackFile[]): StackFile {
  const [first, ...others] = recoveryStacks(files);
  if (!first)
    throw new UsageError("No stack file of this project has the role recovery.", [
      "see docs/first-deployment.md",
    ]);
  if (others.length > 0)
    throw new UsageError(
      "More than one stack file of this project has the role recovery: name the one that is meant.",
      [first, ...others].map(({ stack }) => `-s ${stack}`),
    );
  return first;
}

function byName(files: readonly StackFile[], stack: string): StackFile {
  const file = files.find((each) => each.stack === stack);
  if (file) return file;
  throw new UsageError(
    `There is no stack file Pulumi.${stack}.yaml.`,
    recoveryStacks(files).map((each) => `-s ${each.stack}`),
  );
}

/**
 * The pair as its stack files and the recovery stack's outputs describe it. The primary stack's state is not read: it may be as
 * lost as the primary Region.
 *
 * @throws UsageError for a stack that was never brought up; RecoveryError, with the way to the break-glass page, for a state that cannot be read
 */
export async function readDeployment(
  pair: StackPair,
  engine: Pick<Engine, "outputs">,
  signal: AbortSignal,
): Promise<Deployment> {
  const { recovery, primary } = pair;
  const outputs = recoveryOutputs(recovery.stack, await readOutputs(recovery, engine, signal));
  const { primary: primaryOutputs } = outputs;
  for (const [file, { region }] of [
    [recovery, outputs],
    [primary, primaryOutputs],
  ] as const)
    refuseOtherRegion(file, region);
  return {
    service: outputs.service,
    accountId: text(recovery, "accountId"),
    primaryRegion: primaryOutputs.region,
    recoveryRegion: outputs.region,
    primaryStack: primary.stack,
    recoveryStack: recovery.stack,
    databaseHostName: outputs.databaseHostName,
    zoneId: outputs.zoneId,
    recordTtlSeconds: ttlSeconds(recovery),
    recoveryPoint: outputs.recoveryPoint ?? defaultRecoveryPoint,
    primary: primaryOutputs,
    recovery: outputs,
    flags: flagsOf(pair),
  };
}

/** With another Region the program would be about other resources, and the commands about those that are deployed. */
function refuseOtherRegion(file: StackFile, deployedRegion: string): void {
  const region = file.value("aws:region");
  if (region === undefined || region === deployedRegion) return;
  throw new UsageError(
    `aws:region in ${file.path} is not ${deployedRegion}, where ${file.stack} is deployed.`,
    [`pulumi config set aws:region ${deployedRegion} -s ${file.stack}`],
  );
}

/** As the stack files say it now, which is not what the last update did: reads only these, so that it can be asked again. */
export const flagsOf = ({ primary, recovery }: StackPair): Deployment["flags"] => ({
  failover: isOn(recovery, "failover"),
  readOnlyFailover: isOn(recovery, "readOnlyFailover"),
  fenced: { primary: isOn(primary, "fenced"), recovery: isOn(recovery, "fenced") },
  replicateFrom: {
    primary: optionalText(primary, "replicateFrom"),
    recovery: optionalText(recovery, "replicateFrom"),
  },
  acceptDataLoss: optionalText(recovery, "acceptDataLoss"),
});

/** The engine takes YAML's own booleans and these texts. */
function isOn(file: StackFile, key: string): boolean {
  const value = file.value(key) ?? false;
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw new UsageError(`${key} in ${file.path} must be "true" or "false".`, [
    `pulumi config set ${key} false -s ${file.stack}`,
  ]);
}

const optionalText = (file: StackFile, key: string): string | undefined => {
  const value = file.value(key);
  return typeof value === "string" && value !== "" ? value : undefined;
};

function text(file: StackFile, key: string): string {
  const value = file.value(key);
  if (typeof value === "string" && value !== "") return value;
  throw new UsageError(`${key} is missing in ${file.path}, or is not a text in quotes.`, [
    `pulumi config set ${key} <value> -s ${file.stack}`,
  ]);
}

/** What the program takes when `record.ttlSeconds` is not set. */
const defaultTtlSeconds = 30;

function ttlSeconds(file: StackFile): number {
  const record = file.value("record");
  const seconds =
    typeof record === "object" && record !== null ? Reflect.get(record, "ttlSeconds") : undefined;
  return typeof seconds === "number" ? seconds : defaultTtlSeconds;
}

async function readOutputs(
  recovery: StackFile,
  engine: Pick<Engine, "outputs">,
  signal: AbortSignal,
): Promise<unknown> {
  const { stack } = recovery;
  try {
    return await engine.outputs(stack, signal);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (/no stack named/.test(error.output))
      throw new UsageError(`The backend that you are logged in to has no stack ${stack}.`, [
        "pulumi whoami --verbose",
        `pulumi stack init ${stack}`,
      ]);
    throw new RecoveryError(
      `The state of ${stack} cannot be read, so what is deployed is not known:\n${error.message}`,
      ["pulumi whoami --verbose", ...breakGlassPage(recovery)],
      { cause: error },
    );
  }
}

/** The page that `preflight` has left needs no state: a copy lies in the recovery bucket, whose name the stack file tells. */
function breakGlassPage(recovery: StackFile): readonly string[] {
  const [service, accountId, region] = ["service", "accountId", "aws:region"].map((key) =>
    recovery.value(key),
  );
  if (typeof service !== "string" || typeof accountId !== "string" || typeof region !== "string")
    return [];
  const bucket = recoveryBucketName(service, accountId, region);
  return [
    `aws s3 cp s3://${bucket}/break-glass.md - --region ${region}   # to fail over without the state; also in break-glass-${service}.md`,
  ];
}

type RecoveryOutputs = StackOutputs & { readonly primary: StackOutputs };

const texts = [
  "role",
  "region",
  "service",
  "databaseHostName",
  "secretArn",
  "functionName",
  "zoneId",
] as const satisfies readonly (keyof StackOutputs)[];

function recoveryOutputs(stack: string, document: unknown): RecoveryOutputs {
  const outputs = (document ?? {}) as Partial<StackOutputs>;
  const missing = [
    ...missingIn(outputs, ""),
    ...(outputs.primary ? missingIn(outputs.primary, "primary.") : ["primary"]),
  ];
  if (missing.length > 0)
    throw new UsageError(
      `The stack ${stack} has no output ${missing.join(", ")}: it was never brought up, or by an older version.`,
      [`pulumi up -s ${stack}`],
    );
  return outputs as RecoveryOutputs;
}

function missingIn(outputs: Partial<StackOutputs>, prefix: string): readonly string[] {
  const database: Partial<DatabaseOutput> = outputs.database ?? {};
  return [
    ...texts.filter((name) => typeof outputs[name] !== "string"),
    ...(["identifier", "arn", "address"] as const)
      .filter((name) => typeof database[name] !== "string")
      .map((name) => `database.${name}`),
  ].map((name) => `${prefix}${name}`);
}
