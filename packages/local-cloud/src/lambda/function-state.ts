import { createHash, randomUUID } from "node:crypto";
import type {
  CreateFunctionRequest,
  FunctionCode,
  FunctionConfiguration,
  LastUpdateStatus,
  State,
  UpdateFunctionConfigurationRequest,
} from "@aws-sdk/client-lambda";
import { accountId } from "../account.ts";
import { AwsError } from "../service.ts";
import type { TagMap } from "../tag-map.ts";

/** What create and update calls state, and descriptions repeat. */
export type FunctionSettings = Pick<
  FunctionConfiguration,
  | "Architectures"
  | "Description"
  | "EphemeralStorage"
  | "Handler"
  | "LoggingConfig"
  | "MemorySize"
  | "PackageType"
  | "Role"
  | "Runtime"
  | "Timeout"
  | "TracingConfig"
> & {
  readonly variables: Readonly<Record<string, string>>;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
};

export interface FunctionUrl {
  readonly id: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

export interface LambdaFunction {
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly tags: TagMap;
  /** Statements of the resource policy, by id. */
  readonly permissions: Map<string, object>;
  settings: FunctionSettings;
  archive: Uint8Array;
  revisionId: string;
  changedAt: Date;
  state: State;
  updateStatus: LastUpdateStatus;
  reason: string | undefined;
  /** Undefined: as many as the account allows. It is told, and limits nothing. */
  reservedConcurrency: number | undefined;
  /** Its HTTPS address, for callers who sign. */
  url: FunctionUrl | undefined;
}

export const functionArn = (region: string, name: string): string =>
  `arn:aws:lambda:${region}:${accountId}:function:${name}`;

export const notModelled = (what: string): AwsError =>
  new AwsError("NotModelled", `NotModelled: Lambda.${what}`, 501);

export const invalidParameter = (message: string): AwsError =>
  new AwsError("InvalidParameterValueException", message);

/** Lambda sets these itself. */
const reserved = [
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "_HANDLER",
];

function checkVariables(variables: Readonly<Record<string, string>>): void {
  const used = Object.keys(variables).filter((name) => reserved.includes(name));
  if (used.length > 0)
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${used.join(", ")}`,
    );
}

const defaults: FunctionSettings = {
  Architectures: ["x86_64"],
  Description: "",
  EphemeralStorage: { Size: 512 },
  MemorySize: 128,
  PackageType: "Zip",
  Timeout: 3,
  TracingConfig: { Mode: "PassThrough" },
  variables: {},
  subnetIds: [],
  securityGroupIds: [],
};

const stated = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));

/** The settings after a call: what it does not state stays. Throws `InvalidParameterValueException`. */
export function settingsAfter(
  before: FunctionSettings | undefined,
  input: CreateFunctionRequest | UpdateFunctionConfigurationRequest,
): FunctionSettings {
  const earlier = before ?? defaults;
  const variables = input.Environment?.Variables ?? earlier.variables;
  checkVariables(variables);
  return {
    ...earlier,
    ...stated({
      Architectures: "Architectures" in input ? input.Architectures : undefined,
      Description: input.Description,
      EphemeralStorage: input.EphemeralStorage,
      Handler: input.Handler,
      LoggingConfig: input.LoggingConfig,
      MemorySize: input.MemorySize,
      Role: input.Role,
      Runtime: input.Runtime,
      Timeout: input.Timeout,
      TracingConfig: input.TracingConfig,
    }),
    variables,
    subnetIds: input.VpcConfig?.SubnetIds ?? earlier.subnetIds,
    securityGroupIds: input.VpcConfig?.SecurityGroupIds ?? earlier.securityGroupIds,
  };
}

/** Only an archive that travels in the request is modelled. */
export function archiveOf(code: Pick<FunctionCode, "ZipFile">, operation: string): Uint8Array {
  if (!code.ZipFile) throw notModelled(`${operation} without ZipFile`);
  // The first bytes of every zip archive.
  if (Buffer.from(code.ZipFile.subarray(0, 2)).toString("latin1") !== "PK")
    throw invalidParameter(
      "Could not unzip uploaded file. Please check your file, then try to upload again.",
    );
  return code.ZipFile;
}

export const markUpdated = (lambda: LambdaFunction): void => {
  lambda.revisionId = randomUUID();
  lambda.changedAt = new Date();
};

export const codeHash = (archive: Uint8Array): string =>
  createHash("sha256").update(archive).digest("base64");
